using System.Diagnostics;
using System.Text;
using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Differential;

/// <summary>Plain keys behave as in Redis: random sequences of commands, over several connections, get the same replies from both.</summary>
public sealed class PlainKeysTests(RespCluster cluster, RedisServer redis) : IClassFixture<RespCluster>, IClassFixture<RedisServer>
{
    /// <summary>Set it to run more sequences than usual, at about 30 ms each.</summary>
    private const string SequencesVariable = "DIFFERENTIAL_SEQUENCES";

    private const string SeedVariable = "DIFFERENTIAL_SEED";
    private const int DefaultSequences = 1_000;
    private const int AtOnce = 6;

    [Fact]
    public async Task Sequences_OfRandomCommands_AreAnsweredAsByRedis()
    {
        int sequences = Number(SequencesVariable, DefaultSequences);
        int firstSeed = Number(SeedVariable, 1);
        await Parallel.ForEachAsync(
            Enumerable.Range(firstSeed, sequences),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (seed, _) =>
            {
                List<Step> steps = new SequenceGenerator(seed).Generate();
                if (await RunAsync(steps) is { } difference)
                {
                    Assert.Fail(await DescribeAsync(seed, steps, difference));
                }
            });
    }

    [Fact]
    public async Task Write_OverAnEndThatTheConnectionHasNotSeen_IsThere() => Assert.Equal(
        "$v2",
        await LastAsync(
            (2, "SETEX {0} 100 v1"), (2, "GET {0}"), (1, "DEL {0}"), (1, "GET {0}"), (2, "SETEX {0} 100 v2"), (1, "GET {0}")));

    [Fact]
    public async Task Write_OfWhatTheConnectionReadBeforeAnothersWrite_IsThere() => Assert.Equal(
        "$X",
        await LastAsync(
            (2, "SETEX {0} 100 X"), (2, "GET {0}"), (1, "GET {0}"), (1, "SETEX {0} 100 Y"), (2, "SETEX {0} 100 X"), (1, "GET {0}")));

    private async Task<string> LastAsync(params (int Connection, string Command)[] commands)
    {
        List<Step> steps = [.. commands.Select(static command => new Step(command.Connection, command.Command.Split(' ')))];
        Assert.Null(await RunAsync(steps));
        return (await AskAllAsync(steps))[^1].Actual.Text;
    }

    /// <summary>The first difference; null if there is none.</summary>
    private async Task<Difference?> RunAsync(List<Step> steps)
    {
        var watch = Stopwatch.StartNew();
        (RespAnswer Expected, RespAnswer Actual)[] answers = await AskAllAsync(steps);
        var comparison = new Comparison(watch.Elapsed);
        Dictionary<int, List<string>> queued = [];
        for (int i = 0; i < steps.Count; i++)
        {
            Step step = steps[i];
            (RespAnswer expected, RespAnswer actual) = answers[i];
            bool same = step.Name == "EXEC" && queued.Remove(step.Connection, out List<string>? commands)
                ? comparison.AreSame(commands, expected, actual)
                : comparison.AreSame(step.Name, expected, actual);
            if (!same)
            {
                return new Difference(i, expected, actual);
            }

            if (step.Name == "MULTI" && expected.Text == "+OK")
            {
                queued[step.Connection] = [];
            }
            else if (expected.Text == "+QUEUED")
            {
                queued[step.Connection].Add(step.Name);
            }
        }

        return null;
    }

    /// <summary>Sends each step to both, so that the same time has passed for both.</summary>
    private async Task<(RespAnswer Expected, RespAnswer Actual)[]> AskAllAsync(List<Step> steps)
    {
        string id = Guid.NewGuid().ToString("N");
        string[] keys = [$"plain:{id}", $"{id}_LOCK", $"{id}"];
        using SocketSet ofRedis = new([redis.Address]);
        using SocketSet ofCluster = new(cluster.Addresses);
        var answers = new (RespAnswer, RespAnswer)[steps.Count];
        for (int i = 0; i < steps.Count; i++)
        {
            string[] command = [.. steps[i].Command.Select(part => part is ['{', var digit, '}'] ? keys[digit - '0'] : part)];
            Task<RespAnswer> expected = ofRedis.AskAsync(steps[i].Connection, command);
            Task<RespAnswer> actual = ofCluster.AskAsync(steps[i].Connection, command);
            answers[i] = (await expected, await actual);
        }

        return answers;
    }

    /// <summary>Shrinks the sequence to the steps needed for the difference.</summary>
    private async Task<string> DescribeAsync(int seed, List<Step> steps, Difference difference)
    {
        steps = steps[..(difference.Step + 1)];
        for (int i = steps.Count - 2; i >= 0; i--)
        {
            List<Step> fewer = [.. steps];
            fewer.RemoveAt(i);
            if (await RunAsync(fewer) is { } still && still.Step == fewer.Count - 1)
            {
                (steps, difference) = (fewer, still);
            }
        }

        StringBuilder text = new();
        text.AppendLine($"{SeedVariable}={seed}: Redis answers {difference.Expected}, and the cluster {difference.Actual}, to the last of");
        steps.ForEach(step => text.AppendLine($"  {step}"));
        return text.ToString();
    }

    private static int Number(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), System.Globalization.CultureInfo.InvariantCulture, out int number) ? number : usual;
}
