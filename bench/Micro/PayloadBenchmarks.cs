using System.Collections.Immutable;
using System.Text;
using BenchmarkDotNet.Attributes;
using OrleansSessions.Contracts;
using OrleansSessions.Php;

namespace OrleansSessions.Bench.Micro;

[MemoryDiagnoser]
public class PayloadBenchmarks
{
    private const int MaxEntries = 1_000;
    private const int MaxNameBytes = 256;

    private readonly byte[] _payload = Encoding.ASCII.GetBytes(
        "counter|i:17;" + string.Concat(Enumerable.Range(0, 4).Select(i => $"entry{i}|s:100:\"{new string('x', 100)}\";")));

    private ImmutableArray<SessionEntry> _entries = [];

    [GlobalSetup]
    public void SplitOnce() => PhpPayload.TrySplit(_payload, MaxEntries, MaxNameBytes, out _, out _entries);

    [Benchmark]
    public bool Split() => PhpPayload.TrySplit(_payload, MaxEntries, MaxNameBytes, out _, out _);

    [Benchmark]
    public byte[] Join() => PhpPayload.Join(PhpHandler.Php, _entries);
}
