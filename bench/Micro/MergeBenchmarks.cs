using BenchmarkDotNet.Attributes;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Sessions;

namespace OrleansSessions.Bench.Micro;

[MemoryDiagnoser]
public class MergeBenchmarks
{
    private readonly SessionLimits _limits = new();
    private readonly byte[] _packed = EntryPacking.Pack(Samples.Entries);

    [Benchmark]
    public int MergeCommit() => CommitMerge.Apply(_packed, Samples.Changes, version: 18, _limits).Packed.Length;
}
