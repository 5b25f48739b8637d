using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis.Configuration;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>Password file that is read for each new connection, so that a replaced password takes effect with the next one.</summary>
internal sealed class PasswordFile : DefaultOptionsProvider
{
    private readonly string _path;
    private string? _last;

    public PasswordFile(string path)
    {
        _path = path;
        _ = Password;
    }

    /// <summary>The password in the file or, if it can't be read, the last one that could.</summary>
    public override string? Password => TryRead(_path, out string? password, out _) ? _last = password : _last;

    public static bool TryRead(string path, [NotNullWhen(true)] out string? password, [NotNullWhen(false)] out string? reason)
    {
        (password, reason) = (null, null);
        try
        {
            // Editors and "echo" add a line break; a password contains none.
            password = File.ReadLines(path).FirstOrDefault();
            reason = string.IsNullOrEmpty(password) ? "its first line is empty." : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            reason = $"it can't be read: {exception.Message}";
        }

        return reason is null;
    }
}
