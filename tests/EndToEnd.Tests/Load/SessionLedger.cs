using System.Collections.Concurrent;
using System.Globalization;
using OrleansSessions.EndToEnd.Tests.Sessions;

namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>
/// Expected content of one session: for each entry the last acknowledged and the last attempted number. Each entry has one writer with increasing numbers, so a
/// read must lie between the two.
/// </summary>
internal sealed class SessionLedger
{
    public const string Counter = "count";

    private readonly ConcurrentDictionary<string, long> _acknowledged = new();
    private readonly ConcurrentDictionary<string, long> _tried = new();
    private long _incrementsAcknowledged;
    private long _incrementsTried;

    /// <summary>The number of acknowledged writes.</summary>
    public long Acknowledgements { get; private set; }

    public void Trying(string entry, long number) => _tried[entry] = number;

    public void Acknowledged(string entry, long number)
    {
        _acknowledged[entry] = number;
        lock (_acknowledged)
        {
            Acknowledgements++;
        }
    }

    public void TryingIncrement() => Interlocked.Increment(ref _incrementsTried);

    public void AcknowledgedIncrement() => Interlocked.Increment(ref _incrementsAcknowledged);

    /// <summary>Returns the acknowledged state. Taken before a read, it is the minimum that the read must show.</summary>
    public LedgerPage Page() => new(new Dictionary<string, long>(_acknowledged), Interlocked.Read(ref _incrementsAcknowledged));

    /// <summary>Compares a session with its expected content.</summary>
    /// <param name="atLeast">The acknowledged state before the read began.</param>
    /// <param name="view">The session as read.</param>
    /// <returns>A sentence per error.</returns>
    public IEnumerable<string> Compare(LedgerPage atLeast, SessionView view)
    {
        foreach ((string entry, long acknowledged) in atLeast.Numbers)
        {
            long found = Parse(view[entry]);
            if (found < acknowledged || found > _tried[entry])
            {
                yield return $"{entry} of session {view.Id}: read {found}, acknowledged before {acknowledged}, tried {_tried[entry]} (by {view.Frontend} from {view.Silo})";
            }
        }

        long count = Parse(view[Counter]);
        if (count < atLeast.Increments || count > Interlocked.Read(ref _incrementsTried))
        {
            yield return $"counter of session {view.Id}: read {count}, acknowledged before {atLeast.Increments}, tried {Interlocked.Read(ref _incrementsTried)}";
        }
    }

    private static long Parse(string? text) => text is null ? 0 : long.Parse(text, CultureInfo.InvariantCulture);
}
