using System.Globalization;
using System.Text;

namespace OrleansSessions.LocalCluster.Logs;

/// <summary>
/// Log file of one member: time-stamped lines on disk, and the latest lines in memory. The previous run's log is kept beside it; a file that exceeds
/// <see cref="MaxBytes"/> is rotated into its place.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private const long MaxBytes = 16 * 1024 * 1024;
    private const int TailLines = 12;

    private readonly Lock _lock = new();
    private readonly Queue<string> _tail = new(TailLines);
    private readonly TimeProvider _time;
    private StreamWriter? _writer;
    private long _lost;

    public LogFile(string path, TimeProvider time)
    {
        Path = path;
        _time = time;
        _writer = Open();
    }

    public string Path { get; }

    /// <summary>The latest lines, without their time stamps.</summary>
    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_lock)
            {
                return [.. _tail];
            }
        }
    }

    public void WriteLine(string line)
    {
        lock (_lock)
        {
            if (_writer is null)
            {
                return;
            }

            try
            {
                if (_writer.BaseStream.Length > MaxBytes)
                {
                    _writer.Dispose();
                    _writer = null;
                    _writer = Open();
                }

                if (_lost > 0)
                {
                    _writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_time.GetLocalNow():yyyy-MM-dd HH:mm:ss.fff} {_lost} lines could not be written."));
                    _lost = 0;
                }

                _writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_time.GetLocalNow():yyyy-MM-dd HH:mm:ss.fff} {line}"));
            }
            catch (IOException)
            {
                // A full disk loses log lines, but does not stop the member that wrote them.
                _lost++;
            }

            if (_tail.Count == TailLines)
            {
                _tail.Dequeue();
            }

            _tail.Enqueue(line);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _writer?.Dispose();
            _writer = null;
        }
    }

    private StreamWriter Open()
    {
        if (File.Exists(Path))
        {
            File.Move(Path, System.IO.Path.ChangeExtension(Path, ".previous.log"), overwrite: true);
        }

        return new StreamWriter(new FileStream(Path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete), new UTF8Encoding(false))
        {
            AutoFlush = true,
        };
    }
}
