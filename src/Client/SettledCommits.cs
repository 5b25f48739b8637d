using System.Collections.Concurrent;
using System.Collections.Immutable;
using OrleansSessions.Contracts;

namespace OrleansSessions.Client;

/// <summary>
/// The commits whose only attempt was answered: no other copy of them can still be on its way, so their session may forget them, and is told so with the next
/// commit. It matters for sessions that are committed to all the time; those that were not for a while are dropped here, and remember for half a minute instead.
/// </summary>
internal sealed class SettledCommits
{
    private const int SessionsOfAGeneration = 8_192;
    private const int CommitsOfASession = 256;

    private Generation _young = new();
    private Generation _old = new();

    /// <summary>A commit to this session was answered at once.</summary>
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

        // Two threads may each have made a list; the one that is lost only makes the session remember longer.
        lock (operations)
        {
            if (operations.Count < CommitsOfASession)
            {
                operations.Add(operationId);
            }
        }
    }

    /// <summary>What the session is to be told, once.</summary>
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
