using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Clients;

/// <summary>Redis' own replies: each supported command, with valid and invalid arguments, sent to redis-server and to the cluster.</summary>
[Collection(typeof(RespCollection))]
public sealed partial class CommandReplyTests(RespCluster cluster)
{
    private const int Attempts = 5;

    private static readonly TimeSpan Uninterrupted = TimeSpan.FromMilliseconds(400);

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
            bool differs = @case.Difference is not null && (prefix == KeyPrefixes[0] || !@case.IsOfMerging);
            (string[] commands, string[] replies, string[] answers) = await AskBothAsync(@case, prefix);
            for (int i = 0; i < commands.Length; i++)
            {
                string expected = replies[i];
                string answered = answers[i];
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

    /// <summary>Has the conversation with both. Some set a time to live of half a second and read it: one that a busy machine interrupted is repeated.</summary>
    private async Task<(string[] Commands, string[] Replies, string[] Answers)> AskBothAsync(CommandCase @case, string prefix)
    {
        for (int attempt = 1; ; attempt++)
        {
            using RespConversation withRedis = await RespConversation.StartAsync(cluster.Redis);
            using RespConversation withCluster = await RespConversation.StartAsync(cluster.Address);
            string[] commands = @case.Commands(prefix, DateTimeOffset.UtcNow);
            List<string> replies = [], answers = [];
            var watch = Stopwatch.StartNew();
            foreach (string command in commands)
            {
                replies.Add(await withRedis.AskAsync(command));
                answers.Add(await withCluster.AskAsync(command));
            }

            if (watch.Elapsed < Uninterrupted || attempt == Attempts)
            {
                return (commands, [.. replies], [.. answers]);
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
