using BenchmarkDotNet.Attributes;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Sessions;

namespace OrleansSessions.Bench.Micro;

[MemoryDiagnoser]
public class MergeBenchmarks
{
    private readonly SessionLimits _limits = new();

    [Benchmark]
    public int MergeCommit() => CommitMerge.Apply(Samples.Entries, Samples.Changes, version: 18, _limits).Entries.Length;
}
