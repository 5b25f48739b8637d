using System.Collections.Immutable;
using CsCheck;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Tests.Sessions;

public sealed class OperationLogTests
{
    [Fact]
    public void Append_OperationAtItsDeadline_IsKeptAndForgottenAMillisecondLater()
    {
        long forgotten = 0;
        AppliedOperation old = Until(1_000);
        ImmutableArray<AppliedOperation> log = OperationLog.Append([], [old], [], 900, ref forgotten);

        Assert.NotNull(OperationLog.Find(OperationLog.Append(log, [Until(2_000)], [], 1_000, ref forgotten), old.Id));
        Assert.Equal(0, forgotten);
        Assert.Null(OperationLog.Find(OperationLog.Append(log, [Until(2_000)], [], 1_001, ref forgotten), old.Id));

        // A silo with a slow clock still refuses the retry.
        Assert.Equal(1_000, forgotten);
    }

    [Fact]
    public void MayBeForgotten_FloorFromBeforeTheClockWasSetBack_IsIgnored()
    {
        const long Hour = 3_600_000;
        long now = 100 * Hour;

        Assert.True(OperationLog.MayBeForgotten(now + 10_000, now + 20_000, now));
        Assert.False(OperationLog.MayBeForgotten(now + 10_000, now + Hour, now));
        Assert.False(OperationLog.MayBeForgotten(now + 20_000, now + 10_000, now));
    }

    [Fact]
    public void Append_FloorOfBeforeTheClockWasSetBack_IsDropped()
    {
        long forgotten = 7_200_000;

        OperationLog.Append([], [Until(10_000)], [], 0, ref forgotten);

        Assert.Equal(0, forgotten);
    }

    [Fact]
    public void Append_BeyondTheMaximum_ForgetsTheOldestAndReportsTheirLastDeadline()
    {
        long forgotten = 0;
        AppliedOperation[] operations = [.. Enumerable.Range(1, OperationLog.MaxOperations + 3).Select(i => Until(i + 10_000))];

        ImmutableArray<AppliedOperation> log = OperationLog.Append([], operations, [], 0, ref forgotten);

        Assert.Equal(OperationLog.MaxOperations, log.Length);
        Assert.Equal(10_003, forgotten);
        Assert.Null(OperationLog.Find(log, operations[2].Id));
        Assert.NotNull(OperationLog.Find(log, operations[3].Id));
    }

    [Fact]
    public void Append_AnyHistory_NeverForgetsARecentOperationSilently()
    {
        // Bursts of operations at increasing times: enough to overflow the log, with pauses longer than the retention.
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
                AppliedOperation[] applied = [.. Enumerable.Range(0, count).Select(_ => Until(now + OperationLog.DefaultLifeMs))];
                long before = forgotten;
                log = OperationLog.Append(log, applied, [], now, ref forgotten);
                all.AddRange(applied);

                if (log.Length > OperationLog.MaxOperations || forgotten < before || !log.SequenceEqual(all.TakeLast(log.Length)))
                {
                    return false;
                }
            }

            // The log's deadline covers every forgotten operation.
            return all.SkipLast(log.Length).All(operation => operation.UntilMs <= forgotten);
        }, iter: 200);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Append_SettledOperations_AreForgottenWithoutRaisingTheFloor(int others)
    {
        long forgotten = 0;
        AppliedOperation[] operations = [Until(1_000), Until(1_001), Until(1_002)];
        ImmutableArray<AppliedOperation> log = OperationLog.Append([], operations, [], 900, ref forgotten);

        ImmutableArray<AppliedOperation> next = OperationLog.Append(log, [], [operations[0].Id, operations[2].Id, .. Others(others)], 901, ref forgotten);

        Assert.Equal([operations[1]], next);
        Assert.Equal(0, forgotten);
    }

    private static IEnumerable<Guid> Others(int count) => Enumerable.Range(0, count).Select(_ => Guid.NewGuid());

    private static AppliedOperation Until(long ms) => new() { Id = Guid.NewGuid(), UntilMs = ms, Version = 1 };
}
