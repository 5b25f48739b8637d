using System.Security.Cryptography;
using OrleansSessions.Connectivity.Files;
using OrleansSessions.Grains.Encryption;

namespace OrleansSessions.Grains.Tests.Encryption;

/// <summary>Temporary key directory.</summary>
internal sealed class KeyFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("keys-").FullName;

    public KeyFolder(string active, params string[] ids)
    {
        foreach (string id in ids)
        {
            Add(id);
        }

        Activate(active);
    }

    public string Path => _path;

    public void Add(string id) => Write(id, Convert.ToBase64String(RandomNumberGenerator.GetBytes(EncryptionKey.Bytes)));

    public void Activate(string id) => Write(KeyDirectoryContent.ActiveFile, id + "\n");

    public void Remove(string id) => File.Delete(System.IO.Path.Combine(_path, id));

    public string Read(string id) => File.ReadAllText(System.IO.Path.Combine(_path, id));

    /// <summary>Replaces a file in one step, so that no reader sees half of it.</summary>
    public void Write(string name, string text)
    {
        string path = System.IO.Path.Combine(_path, "." + name);
        File.WriteAllText(path, text);
        File.Move(path, System.IO.Path.Combine(_path, name), overwrite: true);
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
