using OrleansSessions.Contracts;

namespace OrleansSessions.Client;

/// <summary>Secret of the user keys, from a setting or from the file that another setting names.</summary>
internal static class UserSecret
{
    /// <summary>Reads the secret.</summary>
    /// <param name="section">The section of the settings <c>UserKeySecret</c> and <c>UserKeySecretFile</c>.</param>
    /// <param name="text">The first setting.</param>
    /// <param name="file">The second.</param>
    /// <param name="advice">Where a valid secret comes from, for the error message.</param>
    /// <param name="error">What is invalid; null: nothing.</param>
    /// <returns>The secret; null: none is configured, or it is invalid.</returns>
    public static byte[]? Read(string section, string? text, string? file, string advice, out string? error)
    {
        string option = $"{section}:UserKeySecret";
        error = null;
        if (!string.IsNullOrEmpty(file))
        {
            option = $"{section}:UserKeySecretFile";
            error = !string.IsNullOrEmpty(text) ? $"{option} is '{file}', and UserKeySecret is set too: set one of them."
                : ReadFirstLine(file, out text) is { } reason ? $"{option} is '{file}'; {reason}"
                : null;
        }

        if (error is not null || string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!UserKey.TryParseSecret(text, out byte[]? secret))
        {
            // The value is a secret, so the message does not show it.
            error = $"{option} must be at least {UserKey.MinSecretBytes} bytes in base64; {advice}";
        }

        return secret;
    }

    /// <summary>Reads what editors and "echo" end by a line break.</summary>
    /// <returns>Why it can't be read; null: it was.</returns>
    private static string? ReadFirstLine(string file, out string? line)
    {
        line = null;
        try
        {
            line = File.ReadLines(file).FirstOrDefault();
            return string.IsNullOrEmpty(line) ? "its first line is empty." : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"it can't be read: {exception.Message}";
        }
    }
}
