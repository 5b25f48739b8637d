using OrleansSessions.Resp.Tests.Connections;

namespace OrleansSessions.Resp.Tests.Commands;

/// <summary>Connection set-up commands, compared with Redis 7.0's replies.</summary>
public sealed class ConnectionTests
{
    public static TheoryData<string, string> Questions => new()
    {
        { "PING", "+PONG\r\n" },
        { "ping hello", "$5\r\nhello\r\n" },
        { "PING a b", "-ERR wrong number of arguments for 'ping' command\r\n" },
        { "ECHO", "-ERR wrong number of arguments for 'echo' command\r\n" },
        { "SELECT 15", "+OK\r\n" },
        { "SELECT 16", "-ERR DB index is out of range\r\n" },
        { "SELECT -1", "-ERR DB index is out of range\r\n" },
        { "SELECT x", "-ERR value is not an integer or out of range\r\n" },
        { "SELECT 99999999999", "-ERR value is out of range, value must between -2147483648 and 2147483647\r\n" },
        { "HELLO x", "-ERR Protocol version is not an integer or out of range\r\n" },
        { "HELLO 4", "-NOPROTO unsupported protocol version\r\n" },
        { "HELLO 2 foo", "-ERR Syntax error in HELLO option 'foo'\r\n" },
        { "HELLO 2 AUTH a", "-ERR Syntax error in HELLO option 'AUTH'\r\n" },
        { "HELLO 2 SETNAME 'a b'", "-ERR Client names cannot contain spaces, newlines or special characters.\r\n" },
        { "CLIENT", "-ERR wrong number of arguments for 'client' command\r\n" },
        { "CLIENT foo", "-ERR unknown subcommand 'foo'. Try CLIENT HELP.\r\n" },
        { "CLIENT SETNAME", "-ERR wrong number of arguments for 'client|setname' command\r\n" },
        { "CLIENT SETNAME 'a b'", "-ERR Client names cannot contain spaces, newlines or special characters.\r\n" },
        { "CLIENT GETNAME", "$-1\r\n" },
        { "CLIENT SETINFO LIB-NAME redis-py", "+OK\r\n" },
        { "CLIENT NO-EVICT on", "+OK\r\n" },
        { "CLIENT NO-EVICT maybe", "-ERR syntax error\r\n" },
        { "CLIENT REPLY ON", "+OK\r\n" },
        { "CLIENT TRACKING OFF", "+OK\r\n" },
        { "CONFIG GET", "-ERR wrong number of arguments for 'config|get' command\r\n" },
        { "CONFIG GET nothing", "*0\r\n" },
        { "CLUSTER INFO", "-ERR This instance has cluster support disabled\r\n" },
        { "CLUSTER", "-ERR wrong number of arguments for 'cluster' command\r\n" },
        { "SENTINEL masters", "-ERR unknown command 'SENTINEL', with args beginning with: 'masters' \r\n" },
        { "COMMAND foo", "-ERR unknown subcommand 'foo'. Try COMMAND HELP.\r\n" },
        { "COMMAND DOCS", "*0\r\n" },
        { "\"fo\\no\" a \"b\\r\\nc\"", "-ERR unknown command 'fo o', with args beginning with: 'a' 'b  c' \r\n" },
        { "FOO \"\\xff\\x00z\"", "-ERR unknown command 'FOO', with args beginning with: '\xff' \r\n" },
        { "FLUSHALL", "-ERR 'flushall' is not supported by the session cluster: commands work on one session at a time; keep caches and queues in a separate Redis\r\n" },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Question_HasRedisAnswer(string question, string answer)
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        Assert.Equal(answer, await client.AskAsync(question));
    }

    [Theory]
    [InlineData(
        "HELLO\r\nRESET\r\n",
        "*14\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$6\r\n7.0.15\r\n$5\r\nproto\r\n:2\r\n$2\r\nid\r\n:1\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n"
            + "$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n+RESET\r\n")]
    [InlineData(
        "HELLO 3\r\nCLIENT GETNAME\r\nSUBSCRIBE a\r\nPING\r\nUNSUBSCRIBE\r\nUNSUBSCRIBE\r\nRESET\r\nCLIENT GETNAME\r\n",
        "%7\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$6\r\n7.0.15\r\n$5\r\nproto\r\n:3\r\n$2\r\nid\r\n:1\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n"
            + "$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*0\r\n_\r\n>3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n+PONG\r\n"
            + ">3\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:0\r\n>3\r\n$11\r\nunsubscribe\r\n_\r\n:0\r\n+RESET\r\n$-1\r\n")]
    [InlineData(
        "SUBSCRIBE a b\r\nPING\r\nPING x\r\nECHO a\r\nUNSUBSCRIBE a\r\nPSUBSCRIBE x\r\nRESET\r\nPING\r\n",
        "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n*3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n*2\r\n$4\r\npong\r\n$0\r\n\r\n*2\r\n$4\r\npong\r\n$1\r\nx\r\n"
            + "-ERR Can't execute 'echo': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context\r\n"
            + "*3\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:1\r\n*3\r\n$10\r\npsubscribe\r\n$1\r\nx\r\n:2\r\n+RESET\r\n+PONG\r\n")]
    [InlineData(
        "CLIENT SETNAME me\r\nCLIENT GETNAME\r\nCLIENT ID\r\nRESET\r\nCLIENT GETNAME\r\n",
        "+OK\r\n$2\r\nme\r\n:1\r\n+RESET\r\n$-1\r\n")]
    [InlineData(
        "CONFIG GET TIMEOUT databases\r\nHELLO 2 SETNAME a\r\n",
        "*4\r\n$9\r\ndatabases\r\n$2\r\n16\r\n$7\r\ntimeout\r\n$1\r\n0\r\n*14\r\n")]
    [InlineData("TIME\r\n", "*2\r\n$10\r\n1767225600\r\n$1\r\n0\r\n")]
    public async Task Conversation_HasRedisAnswers(string questions, string answers)
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        await client.SendAsync(questions);
        Assert.Equal(answers, await client.ReadAsync(answers.Length));
    }

    [Fact]
    public async Task Info_ReportsWhatClientsDependOn()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        string all = await client.AskAsync("INFO");
        Assert.Contains("# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\n", all);
        Assert.Contains("\r\nloading:0\r\n", all);
        Assert.Contains("\r\n\r\n# Replication\r\nrole:master\r\n", all);
        string replication = await client.AskAsync("INFO replication");
        Assert.Contains("role:master", replication);
        Assert.DoesNotContain("redis_version", replication);
    }

    [Fact]
    public async Task ClientInfo_DescribesTheConnectionItself()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        await client.AskAsync("HELLO 2 SETNAME me");
        await client.SendAsync("SELECT 3\r\nCLIENT INFO\r\n");
        string text;
        do
        {
            text = await client.ReadReplyAsync();
        }
        while (!text.Contains("id=1 ", StringComparison.Ordinal));
        Assert.Contains(" name=me ", text);
        Assert.Contains(" db=3 ", text);
        Assert.Contains(" cmd=client|info user=default ", text);
    }

    [Fact]
    public async Task CommandInfo_ReportsKeysAndFlags()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync();
        using RespTestClient client = await endpoint.ConnectAsync();
        const string expected = "*2\r\n*10\r\n$4\r\nauth\r\n:-2\r\n*2\r\n+fast\r\n+no_auth\r\n:0\r\n:0\r\n:0\r\n*0\r\n*0\r\n*0\r\n*0\r\n$-1\r\n";
        await client.SendAsync("COMMAND INFO auth nope\r\n");
        Assert.Equal(expected, await client.ReadAsync(expected.Length));
    }
}
