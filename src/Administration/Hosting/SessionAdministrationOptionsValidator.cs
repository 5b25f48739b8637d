using Microsoft.Extensions.Options;
using OrleansSessions.Client;

namespace OrleansSessions.Administration;

/// <summary>Validator of the administration's options; reports all errors at once.</summary>
internal sealed class SessionAdministrationOptionsValidator : IValidateOptions<SessionAdministrationOptions>
{
    private const int MaxAuditFeeds = 1_000;

    public ValidateOptionsResult Validate(string? name, SessionAdministrationOptions options)
    {
        List<string> errors = [];
        void Check(bool valid, string option, object? value, string rule)
        {
            if (!valid)
            {
                errors.Add($"{SessionAdministrationOptions.SectionName}:{option} is '{value}'; it must be {rule}.");
            }
        }

        if (options.IsServed)
        {
            Check(options.ParsedUrl is { Port: > 0 }, nameof(options.Url), options.Url, "a URL of scheme, host and port, such as http://127.0.0.1:8082");
            Check(
                options.ParsedUrl is not { Scheme: "http" } url || SessionAdministrationOptions.IsOnThisMachine(url),
                nameof(options.Url),
                options.Url,
                "https beyond this machine, because keys travel in it");
            Check(!string.IsNullOrEmpty(options.KeysFile), nameof(options.KeysFile), options.KeysFile, "a file of keys");
        }

        if (!string.IsNullOrEmpty(options.KeysFile) && !KeyFile.TryRead(options.KeysFile, out _, out string? reason))
        {
            errors.Add($"{SessionAdministrationOptions.SectionName}:{nameof(options.KeysFile)} is '{options.KeysFile}'; {reason}");
        }

        if (options.ReadUserKeySecret(out string? error) is null && error is not null)
        {
            errors.Add(error);
        }

        Check(
            options.IOTimeout > TimeSpan.Zero && options.IOTimeout <= SessionClient.MaxIOTimeout,
            nameof(options.IOTimeout),
            options.IOTimeout,
            $"positive and at most {SessionClient.MaxIOTimeout}");
        Check(options.MaxAuditFeeds is >= 1 and <= MaxAuditFeeds, nameof(options.MaxAuditFeeds), options.MaxAuditFeeds, $"1 to {MaxAuditFeeds}");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
