using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Bench.Micro;

[MemoryDiagnoser]
public class SerializationBenchmarks
{
    private readonly Serializer _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();
    private readonly SessionState _state = new()
    {
        Status = SessionStatus.Active,
        Incarnation = Guid.NewGuid(),
        Version = 17,
        Packed = EntryPacking.Pack(Samples.Entries),
        IdleTimeoutMs = 1_200_000,
    };

    private readonly SessionSnapshot _snapshot = new()
    {
        Incarnation = Guid.NewGuid(),
        Version = 17,
        Entries = Samples.Entries,
        CreatedAt = DateTimeOffset.UnixEpoch,
        ExpiresAt = DateTimeOffset.UnixEpoch,
        IdleTimeout = TimeSpan.FromMinutes(20),
        Silo = "silo-1",
    };

    private readonly SessionCommit _commit = new() { OperationId = Guid.NewGuid(), Changes = Samples.Changes };
    private byte[] _storedState = [];
    private byte[] _sentSnapshot = [];
    private byte[] _sentCommit = [];

    [GlobalSetup]
    public void Serialize()
    {
        _storedState = WriteState();
        _sentSnapshot = WriteSnapshot();
        _sentCommit = WriteCommit();
    }

    [Benchmark]
    public byte[] WriteState() => SessionStateFormat.Write(_state);

    [Benchmark]
    public object? ReadState() => SessionStateFormat.Read(_storedState);

    [Benchmark]
    public byte[] WriteSnapshot() => _serializer.SerializeToArray(_snapshot);

    [Benchmark]
    public int ReadSnapshot() => _serializer.Deserialize<SessionSnapshot>(_sentSnapshot)!.Entries.Length;

    [Benchmark]
    public byte[] WriteCommit() => _serializer.SerializeToArray(_commit);

    [Benchmark]
    public object? ReadCommit() => _serializer.Deserialize<SessionCommit>(_sentCommit);
}
