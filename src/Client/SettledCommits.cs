using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansSessions.Contracts;

namespace OrleansSessions.Client;

/// <summary>
/// Commits whose only attempt was answered. No copy of them can still be in flight, so their session may forget them; the next commit tells it so. This matters for
/// sessions with continuous commits; for others the entries are dropped here, and the session remembers the commits for half a minute instead.
/// </summary>
internal sealed class SettledCommits
{
    private const int SessionsOfAGeneration = 8_192;
    private const int CommitsOfASession = 256;

    private Generation _young = new();
    private Generation _old = new();

    /// <summary>Adds a commit that was answered at the first attempt.</summary>
    public void Add(SessionKey key, Guid operationId)
    {
        Generation young = Volatile.Read(ref _young);
        if (!young.Sessions.TryGetValue(key.Value, out List<Guid>? operations))
        {
            operations = Volatile.Read(ref _old).Sessions.GetValueOrDefault(key.Value) ?? new List<Guid>(1);
            if (young.Sessions.TryAdd(key.Value, operations) && Interlocked.Increment(ref young.Count) == SessionsOfAGeneration)
            {
                Volatile.Write(ref _old, young);
                Volatile.Write(ref _young, new Generation());
            }
        }

        // Two threads may each create a list; a lost list only makes the session remember longer.
        lock (operations)
        {
            if (operations.Count < CommitsOfASession)
            {
                operations.Add(operationId);
            }
        }
    }

    /// <summary>Takes the commits to report to the session.</summary>
    public ImmutableArray<Guid> Take(SessionKey key)
    {
        if (!Volatile.Read(ref _young).Sessions.TryGetValue(key.Value, out List<Guid>? operations)
            && !Volatile.Read(ref _old).Sessions.TryGetValue(key.Value, out operations))
        {
            return [];
        }

        lock (operations)
        {
            ImmutableArray<Guid> taken = [.. operations];
            operations.Clear();
            return taken;
        }
    }

    private sealed class Generation
    {
        public readonly ConcurrentDictionary<string, List<Guid>> Sessions = new(StringComparer.Ordinal);
        public int Count;
    }
}
