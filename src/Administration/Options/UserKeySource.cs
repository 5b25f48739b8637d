using System.Diagnostics.CodeAnalysis;
using OrleansSessions.Contracts;

namespace OrleansSessions.Administration;

/// <summary>Secret of the users' keys, from the options or from their file.</summary>
internal static class UserKeySource
{
    /// <summary>Reads the secret.</summary>
    /// <param name="options">The options.</param>
    /// <param name="secret">The secret; null: none is configured.</param>
    /// <param name="error">What is invalid; null: nothing.</param>
    public static bool TryRead(SessionAdministrationOptions options, out byte[]? secret, [NotNullWhen(false)] out string? error)
    {
        (secret, error) = (null, null);
        string? text = options.UserKeySecret;
        string option = $"{SessionAdministrationOptions.SectionName}:{nameof(options.UserKeySecret)}";
        if (options.UserKeySecretFile is { Length: > 0 } file)
        {
            option = $"{SessionAdministrationOptions.SectionName}:{nameof(options.UserKeySecretFile)}";
            if (!string.IsNullOrEmpty(text))
            {
                error = $"{option} is '{file}', and {nameof(options.UserKeySecret)} is set too: set one of them.";
                return false;
            }

            try
            {
                text = File.ReadLines(file).FirstOrDefault() ?? "";
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                error = $"{option} is '{file}'; it can't be read: {exception.Message}";
                return false;
            }
        }

        if (text is null or "" && options.UserKeySecretFile is null or "")
        {
            return true;
        }

        // The value is a secret, so the message does not show it.
        error = UserKey.TryParseSecret(text ?? "", out secret) ? null : $"{option} must be at least {UserKey.MinSecretBytes} bytes in base64";
        return error is null;
    }
}
