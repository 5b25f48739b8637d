using Microsoft.Extensions.Options;
using OrleansSessions.Connectivity.Files;

namespace OrleansSessions.Grains.Encryption;

/// <summary>Validator of the encryption options and the key files; reports all errors at once.</summary>
internal sealed class SessionEncryptionOptionsValidator : IValidateOptions<SessionEncryptionOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionEncryptionOptions options)
    {
        List<string> errors = [];
        if (options.KeyDirectory is { } directory)
        {
            KeyRing.Parse(KeyDirectoryContent.Read(SessionEncryptionOptions.KeyDirectoryName, directory, errors), options.AllowPlain, errors);
        }
        else if (!options.AllowPlain)
        {
            errors.Add($"{SessionEncryptionOptions.SectionName}:{nameof(options.AllowPlain)} is false; it must be true unless KeyDirectory is set.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
