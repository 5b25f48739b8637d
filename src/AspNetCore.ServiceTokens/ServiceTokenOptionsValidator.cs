using Microsoft.Extensions.Options;
using OrleansSessions.Connectivity.Files;

namespace OrleansSessions.AspNetCore.ServiceTokens;

/// <summary>Validator of the options and the key files; reports all errors at once.</summary>
internal sealed class ServiceTokenOptionsValidator : IValidateOptions<ServiceTokenOptions>
{
    public ValidateOptionsResult Validate(string? name, ServiceTokenOptions options)
    {
        List<string> errors = [];
        void Check(bool valid, string option, object? value, string rule)
        {
            if (!valid)
            {
                errors.Add($"{ServiceTokenOptions.SectionName}:{option} is '{value}'; it must be {rule}.");
            }
        }

        Check(IsIssuer(options.Issuer), nameof(options.Issuer), options.Issuer, "an absolute http or https URL without user, query and fragment");
        Check(
            options.Audiences.Count > 0 && options.Audiences.All(static audience => !string.IsNullOrWhiteSpace(audience)),
            nameof(options.Audiences),
            string.Join(", ", options.Audiences),
            "a list of one or more names");
        Check(
            options.Lifetime >= ServiceTokenOptions.MinLifetime && options.Lifetime <= ServiceTokenOptions.MaxLifetime,
            nameof(options.Lifetime),
            options.Lifetime,
            $"{ServiceTokenOptions.MinLifetime} to {ServiceTokenOptions.MaxLifetime}");
        if (string.IsNullOrEmpty(options.KeyDirectory))
        {
            Check(valid: false, nameof(options.KeyDirectory), options.KeyDirectory, "the directory of the signing keys");
        }
        else
        {
            SigningKeyRing.Parse(KeyDirectoryContent.Read(ServiceTokenOptions.KeyDirectoryName, options.KeyDirectory, errors), errors);
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static bool IsIssuer(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out Uri? url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url is { UserInfo: "", Query: "", Fragment: "" };
}
