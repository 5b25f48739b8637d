using System.Collections.Concurrent;

namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>Scripted faults of a test cluster's storage, with counters.</summary>
internal sealed class StorageFaults
{
    private readonly ConcurrentDictionary<string, Func<StorageOperation, StorageFault>> _rules = new();
    private readonly ConcurrentDictionary<(string Key, StorageOperation Operation), int> _counts = new();
    private readonly ConcurrentDictionary<string, HeldWrite> _held = new();
    private volatile bool _outage;

    /// <summary>Makes the next operation of a kind on a session fail.</summary>
    public void Next(string sessionKey, StorageOperation operation, StorageFault fault)
    {
        int left = 1;
        Always(sessionKey, asked => asked == operation && Interlocked.Exchange(ref left, 0) == 1 ? fault : StorageFault.None);
    }

    /// <summary>From now on, decides about every operation on a session.</summary>
    public void Always(string sessionKey, Func<StorageOperation, StorageFault> rule) => _rules[sessionKey] = rule;

    /// <summary>Ends the effect of <see cref="Always"/> and <see cref="Next"/>.</summary>
    public void Heal(string sessionKey) => _rules.TryRemove(sessionKey, out _);

    /// <summary>No operation reaches Redis until the result is disposed.</summary>
    public IDisposable Outage()
    {
        _outage = true;
        return new Recovery(this);
    }

    /// <summary>Holds the next write on a session until it is released.</summary>
    public HeldWrite HoldNextWrite(string sessionKey) => _held[sessionKey] = new HeldWrite();

    /// <summary>The number of operations of a kind so far.</summary>
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
