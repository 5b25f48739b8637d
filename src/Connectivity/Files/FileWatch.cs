namespace OrleansSessions.Connectivity.Files;

/// <summary>
/// Value of files that may be replaced at any time. Changes are detected by content, because links to a replaced folder, as in Kubernetes, have no changed time stamp.
/// Content that is not valid as a whole is ignored: the previous value stays in use.
/// </summary>
internal sealed class FileWatch<T> : IDisposable
    where T : class
{
    /// <summary>How often the files are checked.</summary>
    public static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(2);

    /// <summary>Failures before a warning: one failure is normal while files are being replaced one by one.</summary>
    private const int FailuresBeforeWarning = 2;

    private readonly Func<List<string>, FileReading<T>> _read;
    private readonly Action<T> _changed;
    private readonly Action<string> _unusable;
    private readonly Lock _reading = new();
    private readonly ITimer _timer;
    private string _hash;
    private int _failures;
    private volatile T _current;

    /// <summary>Reads the files.</summary>
    /// <param name="read">Reads the files, and adds what is wrong to a list.</param>
    /// <param name="changed">Called with each new value, not with the first.</param>
    /// <param name="unusable">Called with the errors of changed files that stay invalid.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvalidOperationException">The files are invalid; the message holds the errors.</exception>
    public FileWatch(Func<List<string>, FileReading<T>> read, Action<T> changed, Action<string> unusable, TimeProvider time)
    {
        (_read, _changed, _unusable) = (read, changed, unusable);
        List<string> errors = [];
        FileReading<T> first = read(errors);
        _hash = first.Hash;
        _current = first.Parse() ?? throw new InvalidOperationException(string.Join(' ', errors));
        _timer = time.CreateTimer(static watch => ((FileWatch<T>)watch!).ReadAgain(), this, ReadInterval, ReadInterval);
    }

    public T Current => _current;

    public void Dispose() => _timer.Dispose();

    private void ReadAgain()
    {
        // Skip this tick if the previous one still runs on a slow disk.
        if (!_reading.TryEnter())
        {
            return;
        }

        try
        {
            List<string> errors = [];
            FileReading<T> reading = _read(errors);
            if (errors.Count == 0 && reading.Hash == _hash)
            {
                _failures = 0;
            }
            else if (reading.Parse() is { } value)
            {
                (_hash, _current, _failures) = (reading.Hash, value, 0);
                _changed(value);
            }
            else if (++_failures == FailuresBeforeWarning)
            {
                _unusable(string.Join(' ', errors));
            }
        }
        finally
        {
            _reading.Exit();
        }
    }
}
