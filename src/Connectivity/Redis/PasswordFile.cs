using System.Diagnostics.CodeAnalysis;
using StackExchange.Redis.Configuration;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>A password that is asked for when a connection is made, so that one that has been replaced is used from the next connection on.</summary>
internal sealed class PasswordFile : DefaultOptionsProvider
{
    private readonly string _path;
    private string? _last;

    public PasswordFile(string path)
    {
        _path = path;
        _ = Password;
    }

    /// <summary>The password in the file, or while it can't be read the last one that was.</summary>
    public override string? Password => TryRead(_path, out string? password, out _) ? _last = password : _last;

    public static bool TryRead(string path, [NotNullWhen(true)] out string? password, [NotNullWhen(false)] out string? reason)
    {
        (password, reason) = (null, null);
        try
        {
            // Editors and "echo" end the line; a password does not hold a line's end.
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
