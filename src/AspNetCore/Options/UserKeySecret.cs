using System.Diagnostics.CodeAnalysis;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Secret of the user keys, from the options or from their file.</summary>
internal static class UserKeySecret
{
    /// <summary>Reads the secret.</summary>
    /// <param name="options">The options.</param>
    /// <param name="secret">The secret; null: none is configured, or it is invalid.</param>
    /// <param name="error">What is invalid; null: nothing.</param>
    public static bool TryRead(OrleansSessionOptions options, [NotNullWhen(true)] out byte[]? secret, out string? error)
    {
        (secret, error) = (null, null);
        string? text = options.UserKeySecret;
        string option = nameof(options.UserKeySecret);
        if (options.UserKeySecretFile is { Length: > 0 } file)
        {
            option = nameof(options.UserKeySecretFile);
            if (!string.IsNullOrEmpty(text))
            {
                error = $"{OrleansSessionOptions.SectionName}:{option} is '{file}', and {nameof(options.UserKeySecret)} is set too: set one of them.";
                return false;
            }

            if (!PasswordFile.TryRead(file, out text, out string? reason))
            {
                error = $"{OrleansSessionOptions.SectionName}:{option} is '{file}'; {reason}";
                return false;
            }
        }

        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        if (UserKey.TryParseSecret(text, out secret))
        {
            return true;
        }

        // The value is a secret, so the message does not show it.
        error = $"{OrleansSessionOptions.SectionName}:{option} must be at least {UserKey.MinSecretBytes} bytes in base64; make one with: openssl rand -base64 32";
        return false;
    }
}
