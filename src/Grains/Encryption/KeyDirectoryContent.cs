using System.Security.Cryptography;
using System.Text;

namespace OrleansSessions.Grains.Encryption;

/// <summary>Content of a key directory, with a hash for change detection. It contains keys: never keep or print it.</summary>
internal sealed class KeyDirectoryContent
{
    private KeyDirectoryContent(string directory, SortedDictionary<string, string> files)
    {
        (Directory, Files) = (directory, files);
        Hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', files.Select(static file => $"{file.Key}\0{file.Value}")))));
    }

    public string Directory { get; }

    /// <summary>The text of each file, by name. Files that can't be read are missing.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    public string Hash { get; }

    /// <summary>Reads the files whose names don't begin with a dot: the others are Kubernetes' own, or hidden.</summary>
    public static KeyDirectoryContent Read(string directory, List<string> errors)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        string path = directory;
        try
        {
            foreach (string file in System.IO.Directory.EnumerateFiles(directory))
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
            errors.Add(Error(directory, $"'{path}' can't be read: {exception.Message}"));
        }

        return new KeyDirectoryContent(directory, files);
    }

    /// <summary>Creates an error that names the option and the directory.</summary>
    public static string Error(string directory, string reason) =>
        $"{SessionEncryptionOptions.SectionName}:{nameof(SessionEncryptionOptions.KeyDirectory)} is '{directory}'; {reason}";
}
