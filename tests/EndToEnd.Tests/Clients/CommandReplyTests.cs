using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Clients;

/// <summary>Redis' own replies: each supported command, with valid and invalid arguments, sent to redis-server and to the cluster.</summary>
[Collection(typeof(RespCollection))]
public sealed partial class CommandReplyTests(RespCluster cluster)
{
    /// <summary>A merging prefix and a plain one.</summary>
    private static readonly string[] KeyPrefixes = ["PHPREDIS_SESSION:", "cache:"];

    public static TheoryData<int, string> Cases
    {
        get
        {
            TheoryData<int, string> cases = [];
            for (int i = 0; i < CommandCase.All.Count; i++)
            {
                cases.Add(i, CommandCase.All[i].Conversation);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Conversation_WithRedisAndWithTheCluster_IsTheSame(int number, string conversation)
    {
        Assert.NotEmpty(conversation);
        CommandCase @case = CommandCase.All[number];
        foreach (string prefix in KeyPrefixes)
        {
            using RespConversation withRedis = await RespConversation.StartAsync(cluster.Redis);
            using RespConversation withCluster = await RespConversation.StartAsync(cluster.Address);
            bool differs = @case.Difference is not null && (prefix == KeyPrefixes[0] || !@case.IsOfMerging);
            string[] commands = @case.Commands(prefix, DateTimeOffset.UtcNow);
            for (int i = 0; i < commands.Length; i++)
            {
                string expected = await withRedis.AskAsync(commands[i]);
                string answered = await withCluster.AskAsync(commands[i]);
                if (i < commands.Length - 1 || !differs)
                {
                    Assert.Equal(Comparable(commands[i], expected, expected), Comparable(commands[i], answered, expected));
                }
                else
                {
                    Assert.NotEqual(expected, answered);
                    string ours = @case.Ours!.Replace("\\r\\n", "\r\n", StringComparison.Ordinal);
                    Assert.Equal(ours, Comparable(commands[i], answered, ours));
                }
            }
        }
    }

    /// <summary>Removes the connection's number from a reply, and accepts a time to live that is off by seconds.</summary>
    private static string Comparable(string command, string reply, string expected)
    {
        long tolerance = command.StartsWith("TTL ", StringComparison.Ordinal) ? 3 : command.StartsWith("PTTL ", StringComparison.Ordinal) ? 3_000 : 0;
        return tolerance > 0 && TryReadNumber(reply, out long time) && TryReadNumber(expected, out long expectedTime)
            && time > 0 && Math.Abs(time - expectedTime) <= tolerance
            ? expected
            : ConnectionNumber().Replace(reply, "$$2\r\nid\r\n:n\r\n");
    }

    private static bool TryReadNumber(string reply, out long number)
    {
        number = 0;
        return reply[0] == ':' && long.TryParse(reply.AsSpan(1).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    [GeneratedRegex(@"\$2\r\nid\r\n:\d+\r\n")]
    private static partial Regex ConnectionNumber();
}
