using System.Collections.Concurrent;

namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>Decides which storage operations of a test cluster go wrong, and counts them.</summary>
internal sealed class StorageFaults
{
    private readonly ConcurrentDictionary<string, Func<StorageOperation, StorageFault>> _rules = new();
    private readonly ConcurrentDictionary<(string Key, StorageOperation Operation), int> _counts = new();
    private readonly ConcurrentDictionary<string, HeldWrite> _held = new();
    private volatile bool _outage;

    /// <summary>Lets the next operation of a kind on a session fail.</summary>
    public void Next(string sessionKey, StorageOperation operation, StorageFault fault)
    {
        int left = 1;
        Always(sessionKey, asked => asked == operation && Interlocked.Exchange(ref left, 0) == 1 ? fault : StorageFault.None);
    }

    /// <summary>Decides about every operation on a session from now on.</summary>
    public void Always(string sessionKey, Func<StorageOperation, StorageFault> rule) => _rules[sessionKey] = rule;

    /// <summary>Ends what <see cref="Always"/> and <see cref="Next"/> began.</summary>
    public void Heal(string sessionKey) => _rules.TryRemove(sessionKey, out _);

    /// <summary>No operation reaches Redis until the result is disposed.</summary>
    public IDisposable Outage()
    {
        _outage = true;
        return new Recovery(this);
    }

    /// <summary>Keeps the next write on a session from being sent until it is released.</summary>
    public HeldWrite HoldNextWrite(string sessionKey) => _held[sessionKey] = new HeldWrite();

    /// <summary>How many operations of a kind were asked for so far.</summary>
    public int Count(string sessionKey, StorageOperation operation) => _counts.GetValueOrDefault((sessionKey, operation));

    internal async Task<StorageFault> BeforeAsync(string sessionKey, StorageOperation operation)
    {
        _counts.AddOrUpdate((sessionKey, operation), 1, static (_, count) => count + 1);
        if (operation == StorageOperation.Write && _held.TryRemove(sessionKey, out HeldWrite? held))
        {
            await held.ArriveAsync();
        }

        return _outage ? StorageFault.Lost : _rules.TryGetValue(sessionKey, out var rule) ? rule(operation) : StorageFault.None;
    }

    private sealed class Recovery(StorageFaults faults) : IDisposable
    {
        public void Dispose() => faults._outage = false;
    }
}
