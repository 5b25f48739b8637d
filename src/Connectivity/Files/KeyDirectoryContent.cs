using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace OrleansSessions.Connectivity.Files;

/// <summary>
/// Content of a directory of keys: one file for each, named by its id, and the file <see cref="ActiveFile"/> with the id of the one in use. Has a hash for change detection.
/// It contains keys: never keep or print it.
/// </summary>
internal sealed class KeyDirectoryContent
{
    /// <summary>The file that names the active key.</summary>
    public const string ActiveFile = "active";

    private const int MaxIdLength = 64;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly string _option;
    private readonly string _directory;
    private readonly SortedDictionary<string, string> _files;

    private KeyDirectoryContent(string option, string directory, SortedDictionary<string, string> files)
    {
        (_option, _directory, _files) = (option, directory, files);
        Hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', files.Select(static file => $"{file.Key}\0{file.Value}")))));
    }

    public string Hash { get; }

    /// <summary>The content of <see cref="ActiveFile"/>; null: there is no such file.</summary>
    public string? ActiveId => _files.GetValueOrDefault(ActiveFile);

    /// <summary>Reads the files whose names don't begin with a dot: the others are Kubernetes' own, or hidden.</summary>
    /// <param name="option">The option that names the directory, for errors.</param>
    /// <param name="directory">The directory.</param>
    /// <param name="errors">The errors found so far.</param>
    public static KeyDirectoryContent Read(string option, string directory, List<string> errors)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        string path = directory;
        try
        {
            foreach (string file in Directory.EnumerateFiles(directory))
            {
                path = file;
                string name = Path.GetFileName(file);
                if (!name.StartsWith('.'))
                {
                    files.Add(name, File.ReadAllText(file).Trim());
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            errors.Add(Error(option, directory, $"'{path}' can't be read: {exception.Message}"));
        }

        return new KeyDirectoryContent(option, directory, files);
    }

    /// <summary>
    /// Reads the key of each file, by id. Files that can't be read are missing. A wrong name or text is an error, and so is a key under two ids: it was copied instead of replaced.
    /// </summary>
    /// <param name="read">Reads a key from its id and the file's text; null: the text is none.</param>
    /// <param name="rule">What a file must hold.</param>
    /// <param name="errors">The errors found so far.</param>
    /// <param name="reserved">A name that is not an id; null: none.</param>
    public Dictionary<string, TKey> ReadKeys<TKey>(Func<string, string, TKey?> read, string rule, List<string> errors, string? reserved = null)
        where TKey : class
    {
        Dictionary<string, TKey> keys = new(StringComparer.Ordinal);
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach ((string name, string text) in _files.Where(static file => file.Key != ActiveFile))
        {
            if (name == reserved || !IsId(name))
            {
                string exception = reserved is null ? "" : $", and not '{reserved}'";
                errors.Add(Error($"the file name '{name}' must be a key's id: 1 to {MaxIdLength} characters of [A-Za-z0-9._-]{exception}."));
            }
            else if (read(name, text) is not { } key)
            {
                errors.Add(Error($"the file '{name}' must hold {rule}."));
            }
            else if (!names.TryAdd(Packed(text), name))
            {
                errors.Add(Error($"the files '{names[Packed(text)]}' and '{name}' hold the same key: make a new one, or remove one of them."));
            }
            else
            {
                keys.Add(name, key);
            }
        }

        return keys;
    }

    /// <summary>Finds the key that <see cref="ActiveFile"/> names. A missing one is an error, unless a file was wrong: it may be that one.</summary>
    public TKey? FindActive<TKey>(Dictionary<string, TKey> keys, string activeId, List<string> errors)
        where TKey : class
    {
        if (!keys.TryGetValue(activeId, out TKey? active) && errors.Count == 0)
        {
            errors.Add(Error($"the file '{ActiveFile}' names the key '{activeId}', which has no file."));
        }

        return active;
    }

    /// <summary>Creates an error that names the option and the directory.</summary>
    public string Error(string reason) => Error(_option, _directory, reason);

    /// <summary>A key's text without the spaces and line breaks that it may have.</summary>
    private static string Packed(string text) => string.Concat(text.Where(static character => !char.IsWhiteSpace(character)));

    private static bool IsId(string name) => name.Length is > 0 and <= MaxIdLength && !name.AsSpan().ContainsAnyExcept(IdCharacters);

    private static string Error(string option, string directory, string reason) => $"{option} is '{directory}'; {reason}";
}
