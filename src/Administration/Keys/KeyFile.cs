using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace OrleansSessions.Administration;

/// <summary>File of administrators' keys.</summary>
internal static class KeyFile
{
    /// <summary>The shortest key: 256 bits in base64 have 43 characters, in hexadecimal 64.</summary>
    private const int MinKeyLength = 32;

    private const int MaxKeyLength = 1024;
    private const int MaxNameLength = 64;
    private const int MaxFileBytes = 64 * 1024;

    private static readonly Dictionary<string, string> Permissions = new(StringComparer.Ordinal)
    {
        ["read"] = SessionPermissions.Read,
        ["end"] = SessionPermissions.End,
        ["values"] = SessionPermissions.Values,
        ["act"] = SessionPermissions.Act,
    };

    /// <summary>Reads all keys.</summary>
    public static bool TryRead(string path, [NotNullWhen(true)] out IReadOnlyList<AdministrationKey>? keys, [NotNullWhen(false)] out string? reason)
    {
        (keys, reason) = (null, null);
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes)
            {
                reason = $"it has more than {MaxFileBytes} bytes.";
                return false;
            }

            return TryParse(File.ReadAllLines(path), out keys, out reason);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            reason = $"it can't be read: {exception.Message}";
            return false;
        }
    }

    /// <summary>Finds the administrator of a key. Takes the same time for each key that is not in the file, and for each that is.</summary>
    public static AdministrationKey? Find(IReadOnlyList<AdministrationKey> keys, string presented)
    {
        if (presented.Length is < MinKeyLength or > MaxKeyLength)
        {
            return null;
        }

        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(presented));
        AdministrationKey? found = null;
        foreach (AdministrationKey key in keys)
        {
            found = key.Is(hash) ? key : found;
        }

        return found;
    }

    /// <summary>Parses the lines. Messages name the line and never show it.</summary>
    internal static bool TryParse(string[] lines, [NotNullWhen(true)] out IReadOnlyList<AdministrationKey>? keys, [NotNullWhen(false)] out string? reason)
    {
        (keys, reason) = (null, null);
        List<AdministrationKey> parsed = [];
        for (int i = 0; i < lines.Length; i++)
        {
            string[] parts = lines[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts is [] || parts[0].StartsWith('#'))
            {
                continue;
            }

            if (parts.Length != 3)
            {
                reason = $"its line {i + 1} must have a name, permissions and a key, separated by spaces.";
                return false;
            }

            string[] permissions = parts[1].Split(',');
            if (!Array.TrueForAll(permissions, Permissions.ContainsKey))
            {
                reason = $"its line {i + 1} has other permissions than {string.Join(", ", Permissions.Keys)}, separated by commas without spaces.";
                return false;
            }

            if (parts[0].Length > MaxNameLength || parts[0].Any(static c => c is <= ' ' or > '~') || parsed.Exists(key => key.Name == parts[0]))
            {
                reason = $"its line {i + 1} needs a name of its own, of at most {MaxNameLength} printable ASCII characters.";
                return false;
            }

            if (parts[2].Length is < MinKeyLength or > MaxKeyLength)
            {
                reason = $"its line {i + 1} has a key of fewer than {MinKeyLength} characters, or of too many; make one with: openssl rand -base64 32";
                return false;
            }

            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(parts[2]));
            if (parsed.Find(key => key.Is(hash)) is { } other)
            {
                reason = $"its line {i + 1} has the key of {other.Name}: each administrator needs one of their own.";
                return false;
            }

            parsed.Add(new AdministrationKey(parts[0], [.. permissions.Select(static name => Permissions[name])], hash));
        }

        keys = parsed;
        return true;
    }
}
