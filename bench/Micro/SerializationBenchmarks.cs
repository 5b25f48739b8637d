using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Encryption;
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
    private readonly GrainId _grain = GrainId.Create("session", SessionKey.For("", SessionToken.Create()).Value);
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("bench-keys-");
    private SessionBytes _bytes = null!;
    private byte[] _sealedState = [];
    private byte[] _storedState = [];
    private byte[] _sentSnapshot = [];
    private byte[] _sentCommit = [];

    [GlobalSetup]
    public void Serialize()
    {
        File.WriteAllText(Path.Combine(_keys.FullName, "key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(EncryptionKey.Bytes)));
        File.WriteAllText(Path.Combine(_keys.FullName, "active"), "key");
        _bytes = new SessionBytes(new StateEncryption(
            Options.Create(new SessionEncryptionOptions { KeyDirectory = _keys.FullName }), TimeProvider.System, NullLogger<KeyFiles>.Instance));
        _sealedState = WriteEncryptedState();
        _storedState = WriteState();
        _sentSnapshot = WriteSnapshot();
        _sentCommit = WriteCommit();
    }

    [GlobalCleanup]
    public void RemoveKeys() => _keys.Delete(recursive: true);

    [Benchmark]
    public byte[] WriteState() => SessionStateFormat.Write(_state);

    [Benchmark]
    public object? ReadState() => SessionStateFormat.Read(_storedState);

    [Benchmark]
    public byte[] WriteEncryptedState() => _bytes.Write(_grain, _state);

    [Benchmark]
    public object? ReadEncryptedState() => _bytes.Read(_grain, _sealedState);

    [Benchmark]
    public byte[] WriteSnapshot() => _serializer.SerializeToArray(_snapshot);

    [Benchmark]
    public int ReadSnapshot() => _serializer.Deserialize<SessionSnapshot>(_sentSnapshot)!.Entries.Length;

    [Benchmark]
    public byte[] WriteCommit() => _serializer.SerializeToArray(_commit);

    [Benchmark]
    public object? ReadCommit() => _serializer.Deserialize<SessionCommit>(_sentCommit);
}
