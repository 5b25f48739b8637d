using System.Security.Cryptography;
using OrleansSessions.LocalCluster.Failures;

namespace OrleansSessions.LocalCluster.Store;

/// <summary>Directory of a cluster's data and logs, locked by one launcher at a time.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const int SecretBytes = 32;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    public string Store => System.IO.Path.Combine(Path, "store");

    public string Logs => System.IO.Path.Combine(Path, "logs");

    /// <summary>File of the secret that the frontends make their users' keys with. It must live as long as the sessions.</summary>
    public string UserKeySecret => System.IO.Path.Combine(Path, "user-key-secret");

    /// <summary>Opens the directory, or the user's default if <paramref name="path"/> is null. Creates it if missing.</summary>
    /// <exception cref="ClusterStartException">The directory cannot be created or written, or another launcher has locked it.</exception>
    public static DataDirectory Open(string? path)
    {
        path ??= Default();
        try
        {
            Create(path);
            var directory = new DataDirectory(path, Lock(path));
            Create(directory.Store);
            Create(directory.Logs);
            directory.CreateUserKeySecret();
            return directory;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterStartException($"the data directory {path} cannot be used: {exception.Message} Choose another with --data.", exception);
        }
    }

    public string LogOf(string name) => System.IO.Path.Combine(Logs, name + ".log");

    public void Dispose() => _lock.Dispose();

    private void CreateUserKeySecret()
    {
        if (File.Exists(UserKeySecret))
        {
            return;
        }

        // Moved into place when complete: a launcher that is killed leaves no half of a secret.
        string written = UserKeySecret + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new StreamWriter(written, options))
        {
            file.Write(Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes)));
        }

        File.Move(written, UserKeySecret);
    }

    private static string Default()
    {
        string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length == 0
            ? throw new ClusterStartException("the user has no data directory (is HOME set?). Choose one with --data.")
            : System.IO.Path.Combine(data, "orleans-sessions");
    }

    // Restrict access to the owner: the directory contains sessions.
    private static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStream Lock(string path)
    {
        string file = System.IO.Path.Combine(path, "lock");
        try
        {
            // The operating system releases the lock however the process ends.
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.GetType() == typeof(IOException) && File.Exists(file))
        {
            throw new ClusterStartException(
                $"the data directory {path} is in use by another cluster. Stop that one first, or choose another directory with --data, and other ports with --port "
                + "and --resp-port.",
                exception);
        }
    }
}
