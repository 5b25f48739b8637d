using System.Globalization;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Clients;

/// <summary>redis-cli, as a person uses it to inspect the store.</summary>
[Collection(typeof(RespCollection))]
public sealed class RedisCliTests(RespCluster cluster)
{
    private const string Prompt = "$ redis-cli -p 6380 ";

    [Fact]
    public async Task RedisCli_ShowsWhatPhpStored()
    {
        string key = $"PHPREDIS_SESSION:{Guid.NewGuid():N}";
        const string payload = "isex|s:5:\"Hello\";n|i:1;";
        Assert.Equal("OK", await RunAsync("setex", key, "1440", payload));
        Assert.Equal(payload, await RunAsync("get", key));
        Assert.Equal(payload, await RunAsync("-3", "get", key));
        Assert.InRange(int.Parse(await RunAsync("ttl", key), CultureInfo.InvariantCulture), 1, 1_440);
        Assert.Equal("string", await RunAsync("type", key));
        string[] handles = (await RunAsync("--scan", "--pattern", "PHPREDIS_SESSION:*")).Split('\n');
        string[] payloads = await Task.WhenAll(handles.Select(handle => RunAsync("get", handle)));
        Assert.Contains(payload, payloads);
        Assert.Equal("1", await RunAsync("del", key));
        Assert.Equal("", await RunAsync("get", key));
        Assert.Equal(
            "ERR 'lpush' is not supported by the session cluster: it keeps strings and hashes only; keep caches and queues in a separate Redis",
            await RunAsync("lpush", key, "x"));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/php.md")]
    public async Task RedisCli_PrintsWhatThePageShows(string page)
    {
        string[] lines = [.. (await File.ReadAllLinesAsync(Repository.Source(page), TestContext.Current.CancellationToken)).Select(line => line.Trim())];
        (string[] Command, string Output)[] shown =
        [
            .. lines.Zip(lines.Skip(1)).Where(pair => pair.First.StartsWith(Prompt, StringComparison.Ordinal))
                .Select(pair => (pair.First[Prompt.Length..].Replace("'", "", StringComparison.Ordinal).Split(' '), pair.Second)),
        ];
        Assert.Equal("get", shown[0].Command[0]);
        await RunAsync("setex", shown[0].Command[1], "1440", shown[0].Output);

        foreach ((string[] command, string output) in shown)
        {
            string[] printed = (await RunAsync(command)).Split('\n');
            Assert.True(
                printed.Contains(output) || (command[0] == "ttl" && int.Parse(printed[0], CultureInfo.InvariantCulture) is > 1_300 and < 1_440),
                $"{string.Join(' ', command)} printed {string.Join(Environment.NewLine, printed)}");
        }
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        Tools.Require(Tools.RedisCli);
        string[] address = cluster.Address.Split(':');
        await using ChildProcess cli = ChildProcess.Start("redis-cli", [Tools.Find(Tools.RedisCli), "-h", address[0], "-p", address[1], .. arguments]);
        return await cli.ReadToEndAsync();
    }
}
