using System.Collections.Immutable;
using CsCheck;
using OrleansSessions.Grains.Sessions;

namespace OrleansSessions.Grains.Tests.Sessions;

public sealed class OperationLogTests
{
    [Fact]
    public void Append_OperationAtTheEndOfItsRetention_IsKeptAndForgottenAMillisecondLater()
    {
        long forgotten = 0;
        AppliedOperation old = At(1_000);
        ImmutableArray<AppliedOperation> log = OperationLog.Append([], [old], [], 1_000, ref forgotten);

        Assert.NotNull(OperationLog.Find(OperationLog.Append(log, [At(0)], [], 1_000 + OperationLog.RetentionMs, ref forgotten), old.Id));
        Assert.Null(OperationLog.Find(OperationLog.Append(log, [At(0)], [], 1_001 + OperationLog.RetentionMs, ref forgotten), old.Id));

        // Nobody repeats it so late: forgetting it makes nothing unknown.
        Assert.Equal(0, forgotten);
    }

    [Fact]
    public void Append_MoreThanIsKept_ForgetsTheOldestAndSaysUpToWhen()
    {
        long forgotten = 0;
        AppliedOperation[] operations = [.. Enumerable.Range(1, OperationLog.MaxOperations + 3).Select(i => At(i))];

        ImmutableArray<AppliedOperation> log = OperationLog.Append([], operations, [], operations.Length, ref forgotten);

        Assert.Equal(OperationLog.MaxOperations, log.Length);
        Assert.Equal(3, forgotten);
        Assert.Null(OperationLog.Find(log, operations[2].Id));
        Assert.NotNull(OperationLog.Find(log, operations[3].Id));
    }

    [Fact]
    public void Append_AnyHistory_NeverForgetsARecentOperationSilently()
    {
        // Bursts of operations at growing times: enough of them to overflow the log, and pauses to outlive the retention.
        Gen<(int Pause, int Count)[]> histories = Gen.Select(Gen.Int[0, 12_000], Gen.Int[1, 2_500]).Array[1, 12];
        histories.Sample(bursts =>
        {
            var log = ImmutableArray<AppliedOperation>.Empty;
            List<AppliedOperation> all = [];
            long forgotten = 0;
            long now = 1_000_000;
            foreach ((int pause, int count) in bursts)
            {
                now += pause;
                AppliedOperation[] applied = [.. Enumerable.Range(0, count).Select(_ => At(now))];
                long before = forgotten;
                log = OperationLog.Append(log, applied, [], now, ref forgotten);
                all.AddRange(applied);

                if (log.Length > OperationLog.MaxOperations || forgotten < before || !log.SequenceEqual(all.TakeLast(log.Length)))
                {
                    return false;
                }
            }

            // What is neither remembered nor too old to be repeated is covered by the time that the log names.
            return all.SkipLast(log.Length).All(operation => operation.AtMs < now - OperationLog.RetentionMs || operation.AtMs <= forgotten);
        }, iter: 200);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Append_SettledOperations_AreForgottenAndMakeNothingUnknown(int others)
    {
        long forgotten = 0;
        AppliedOperation[] operations = [At(1_000), At(1_001), At(1_002)];
        ImmutableArray<AppliedOperation> log = OperationLog.Append([], operations, [], 1_002, ref forgotten);

        ImmutableArray<AppliedOperation> next = OperationLog.Append(log, [], [operations[0].Id, operations[2].Id, .. Others(others)], 1_003, ref forgotten);

        Assert.Equal([operations[1]], next);
        Assert.Equal(0, forgotten);
    }

    private static IEnumerable<Guid> Others(int count) => Enumerable.Range(0, count).Select(_ => Guid.NewGuid());

    private static AppliedOperation At(long ms) => new() { Id = Guid.NewGuid(), AtMs = ms, Version = 1 };
}
