using System.Globalization;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <summary>
/// kill -9 of a silo at a write of a sign-in, a rotation or an end. The writes are those that the operation turns out to make, counted before. A run takes one of them at
/// random, and others until a silo was killed; E2E_STEPS=all takes each.
/// </summary>
public abstract class KillAtEachStepTests(SteppedCluster cluster)
{
    private static readonly TimeSpan SettledWithin = TimeSpan.FromSeconds(60);

    /// <summary>E2E_STEPS: how many steps of each operation.</summary>
    private static readonly int Steps = Environment.GetEnvironmentVariable("E2E_STEPS") == "all" ? int.MaxValue : Number("E2E_STEPS") ?? 1;

    /// <summary>E2E_SEED: which steps. A failed run names its seed.</summary>
    private static readonly int Seed = Number("E2E_SEED") ?? 1;

    [Theory]
    [InlineData(UserOperation.SignIn)]
    [InlineData(UserOperation.SignInBeyondTheLimit)]
    [InlineData(UserOperation.Rotate)]
    [InlineData(UserOperation.SignOut)]
    [InlineData(UserOperation.EndOne)]
    [InlineData(UserOperation.EndOthers)]
    public async Task Silo_KilledAtAWrite_LeavesListSessionsAndRedisInAgreement(UserOperation operation)
    {
        Tools.Require(Tools.RedisServer);
        await using var cases = new CaseList();
        await RunAsync(operation, step: 0, cases);
        int[] steps = [.. Enumerable.Range(1, cluster.Point.Steps)];
        Assert.NotEmpty(steps);
        new Random(Seed + (int)cluster.Point.Moment).Shuffle(steps);
        bool isReached = false;
        for (int i = 0; i < steps.Length && (i < Steps || !isReached); i++)
        {
            // An operation may make fewer writes than when they were counted, but not none.
            isReached |= await RunAsync(operation, steps[i], cases);
        }

        Assert.True(isReached, $"No silo was killed at any of {steps.Length} steps.");

        foreach (UserCase rotated in operation == UserOperation.Rotate ? cases : [])
        {
            await rotated.AssertReuseEndsAsync();
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>Runs the operation, and kills the silo that makes the step.</summary>
    /// <returns>Whether a silo was killed.</returns>
    private async Task<bool> RunAsync(UserOperation operation, int step, CaseList cases)
    {
        try
        {
            UserCase prepared = await UserCase.PrepareAsync(cluster, operation, new Random(Seed + step), $"{operation}-{step}");
            cases.Add(prepared);
            await cluster.ReadyAsync();
            await Eventually.TrueAsync("the preparation is over", SettledWithin, prepared.IsSettledAsync);
            cluster.Point.Arm(step);
            await prepared.RunAsync();
            await Eventually.TrueAsync("the operation is over", SettledWithin, async () => cluster.Point.Reached is not null || await prepared.IsSettledAsync());
            cluster.Point.Disarm();
            await prepared.AssertConsistentAsync();
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{operation}, step {step} of {cluster.Point.Steps}: {cluster.Point.Reached ?? "not reached"}; {prepared.Unavailable} answers 503");
            return cluster.Point.Reached is not null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new InvalidOperationException(
                $"{operation}, step {step}, {cluster.Point.Reached ?? "not reached"}; repeat it with E2E_SEED={Seed}. {exception.Message}", exception);
        }
    }
}
