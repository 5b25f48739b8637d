using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Configuration;

/// <summary>Secret of the user keys, from the options or from their file.</summary>
internal static class RespUserSecret
{
    /// <summary>Reads the secret.</summary>
    /// <param name="options">The options.</param>
    /// <param name="error">What is invalid; null: nothing.</param>
    /// <returns>The secret; null: none is configured, or it is invalid.</returns>
    public static byte[]? Read(RespOptions options, out string? error)
    {
        error = null;
        string? text = options.UserKeySecret;
        string option = $"{RespOptions.SectionName}:{nameof(options.UserKeySecret)}";
        if (options.UserKeySecretFile is { Length: > 0 } file)
        {
            option = $"{RespOptions.SectionName}:{nameof(options.UserKeySecretFile)}";
            error = !string.IsNullOrEmpty(text) ? $"{option} is '{file}', and {nameof(options.UserKeySecret)} is set too: set one of them."
                : !PasswordFile.TryRead(file, out text, out string? reason) ? $"{option} is '{file}'; {reason}"
                : null;
        }

        if (error is not null || string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!UserKey.TryParseSecret(text, out byte[]? secret))
        {
            // The value is a secret, so the message does not show it.
            error = $"{option} must be at least {UserKey.MinSecretBytes} bytes in base64; use the frontends'.";
        }

        return secret;
    }
}
