using OrleansSessions.Connectivity.Redis;
using StackExchange.Redis;

namespace OrleansSessions.Connectivity.Tests.Redis;

public sealed class RedisConnectionStringTests
{
    [Theory]
    [InlineData("localhost", "localhost:6379")]
    [InlineData("localhost:7000", "localhost:7000")]
    [InlineData("10.0.0.1:7000", "10.0.0.1:7000")]
    [InlineData("[::1]:7000", "[::1]:7000")]
    [InlineData("a:1,b:2", "a:1,b:2")]
    [InlineData("a:1,defaultDatabase=2", "a:1/2")]
    [InlineData("redis://localhost", "localhost:6379")]
    [InlineData("redis://localhost:7000", "localhost:7000")]
    [InlineData("redis://localhost:7000/", "localhost:7000")]
    [InlineData("redis://localhost/3", "localhost:6379/3")]
    [InlineData("redis://10.0.0.1:7000", "10.0.0.1:7000")]
    [InlineData("redis://[::1]:7000/1", "[::1]:7000/1")]
    [InlineData("rediss://redis.example:6380/0", "redis.example:6380")]
    public void Parse_EachForm_FindsServerAndDatabase(string text, string described) =>
        Assert.Equal(described, RedisConnectionString.Describe(RedisConnectionString.Parse(text)));

    [Theory]
    [InlineData("localhost:1,user=ann,password=pass:w@rd", "ann", "pass:w@rd")]
    [InlineData("localhost:1,password=secret", null, "secret")]
    [InlineData("redis://ann:secret@localhost:1", "ann", "secret")]
    [InlineData("redis://:secret@localhost:1", null, "secret")]
    [InlineData("redis://secret@localhost:1", null, "secret")]
    [InlineData("redis://ann:p%40ss%3A%2F%2C%3Dw%C3%B6rd@localhost:1", "ann", "p@ss:/,=wörd")]
    [InlineData("redis://a%40b:c:d@localhost:1", "a@b", "c:d")]
    [InlineData("redis://localhost:1", null, null)]
    public void Parse_UserAndPassword_AreTaken(string text, string? user, string? password)
    {
        ConfigurationOptions options = RedisConnectionString.Parse(text);

        Assert.Equal((user, password), (string.IsNullOrEmpty(options.User) ? null : options.User, string.IsNullOrEmpty(options.Password) ? null : options.Password));
    }

    [Theory]
    [InlineData("localhost:1,ssl=true", true)]
    [InlineData("localhost:1", false)]
    [InlineData("rediss://localhost:1", true)]
    [InlineData("redis://localhost:1", false)]
    [InlineData("redis://localhost:1?ssl=true", true)]
    [InlineData("rediss://localhost:1?connectTimeout=500", true)]
    public void Parse_Tls_IsNeverDroppedSilently(string text, bool tls) => Assert.Equal(tls, RedisConnectionString.Parse(text).Ssl);

    [Fact]
    public void Parse_PasswordWithASchemeInIt_IsNotTakenForAUri()
    {
        ConfigurationOptions options = RedisConnectionString.Parse("localhost:1,password=x://y");

        Assert.Equal("x://y", options.Password);
    }

    [Fact]
    public void Parse_Defaults_FailFastAndReconnectForever()
    {
        ConfigurationOptions options = RedisConnectionString.Parse("localhost:1");

        Assert.False(options.AbortOnConnectFail);
        Assert.Same(BacklogPolicy.FailFast, options.BacklogPolicy);
        Assert.Equal((2_000, 2_000, 2_000), (options.AsyncTimeout, options.SyncTimeout, options.ConnectTimeout));
        Assert.Equal("orleans-sessions", options.ClientName);
        Assert.Equal(("", ""), (options.TieBreaker, options.ConfigurationChannel));
        Assert.True(options.ReconnectRetryPolicy.ShouldRetry(long.MaxValue, timeElapsedMillisecondsSinceLastRetry: 60_000));
    }

    [Theory]
    [InlineData("localhost:1,asyncTimeout=300,syncTimeout=400,connectTimeout=500,name=mine,tiebreaker=t,configChannel=c")]
    [InlineData("redis://localhost:1?asyncTimeout=300&syncTimeout=400&connectTimeout=500&name=mine&tiebreaker=t&configChannel=c")]
    [InlineData("localhost:1,ASYNCTIMEOUT=300,SyncTimeout=400,ConnectTimeout=500,name=mine,tieBreaker=t,ConfigChannel=c")]
    public void Parse_OptionsGiven_HaveTheLastWord(string text)
    {
        ConfigurationOptions options = RedisConnectionString.Parse(text);

        Assert.Equal((300, 400, 500), (options.AsyncTimeout, options.SyncTimeout, options.ConnectTimeout));
        Assert.Equal(("mine", "t", "c"), (options.ClientName, options.TieBreaker, options.ConfigurationChannel));
    }

    [Theory]
    [InlineData("localhost:1,password=hunter2,nonsense=1")]
    [InlineData("localhost:1,password=hunter2,ssl=perhaps")]
    [InlineData("localhost:1,password=hunter2,defaultDatabase=two")]
    [InlineData("password=hunter2")]
    [InlineData("redis://:hunter2@localhost:1/two")]
    [InlineData("redis://:hunter2@localhost:1/1/2")]
    [InlineData("redis://:hunter2@localhost:1?nonsense=1")]
    [InlineData("redis://:hunter2@:1")]
    [InlineData("redis://:hunter2@localhost:99999")]
    [InlineData("http://:hunter2@localhost:1")]
    [InlineData("redis:hunter2://")]
    public void Parse_InvalidConnectionString_ReportsTheErrorWithoutThePassword(string text)
    {
        FormatException refused = Assert.Throws<FormatException>(() => RedisConnectionString.Parse(text));

        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
        Assert.Contains("Redis connection string", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:1,user=ann,password=hunter2,defaultDatabase=4")]
    [InlineData("rediss://ann:hunter2@localhost:1/4")]
    public void Describe_Options_HasNeitherUserNorPassword(string text)
    {
        string described = RedisConnectionString.Describe(RedisConnectionString.Parse(text));

        Assert.Equal("localhost:1/4", described);
    }
}
