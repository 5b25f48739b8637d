using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Semantics;

/// <summary>Sessions that name their user by $_SESSION['_user'].</summary>
public sealed class PhpUserTests(UserCluster cluster) : IClassFixture<UserCluster>, IAsyncLifetime
{
    private const string Prefix = "PHPREDIS_SESSION:";

    private readonly string _user = Guid.NewGuid().ToString("N");
    private RedisClient? _client;

    private RedisClient Client => _client!;

    public async ValueTask InitializeAsync() => _client = await RedisClient.ConnectAsync(cluster.Endpoints[0]);

    [Theory]
    [InlineData("_user|s:32:\"USER\";a|i:1;")]
    [InlineData("a:2:{s:5:\"_user\";s:32:\"USER\";s:1:\"a\";i:1;}")]
    public async Task Session_ThatSetsTheVariable_IsInTheUsersList(string session)
    {
        (string key, string sessionKey) = NewSession();

        await WriteAsync(key, session.Replace("USER", _user, StringComparison.Ordinal));

        UserSession listed = Assert.Single(await ListAsync());
        Assert.Equal((sessionKey, Prefix), (listed.SessionKey, listed.Description.Namespace));
    }

    [Fact]
    public async Task Session_OfAnIntegerUser_IsListedUnderItsText()
    {
        int user = Random.Shared.Next();

        await WriteAsync(NewSession().Key, $"_user|i:{user};");

        Assert.Single((await cluster.SessionsOf(user.ToString(System.Globalization.CultureInfo.InvariantCulture)).ListAsync(0, 10)).Sessions);
    }

    [Fact]
    public async Task Session_ChangedOtherwise_StaysSignedInSinceThen()
    {
        string key = NewSession().Key;
        await WriteAsync(key, Named("a|i:1;"));
        SessionIdentity before = Assert.Single(await ListAsync()).Description.Identity!;

        await WriteAsync(key, Named("a|i:2;"));

        Assert.Equal(before, Assert.Single(await ListAsync()).Description.Identity);
    }

    /// <summary>PHP can't tell when the user authenticated, so .NET must ask again where that matters.</summary>
    [Fact]
    public async Task Session_OfPhp_IsNoFreshAuthentication()
    {
        await WriteAsync(NewSession().Key, Named(""));

        Assert.Equal(DateTimeOffset.UnixEpoch, Assert.Single(await ListAsync()).Description.Identity!.AuthenticatedAt);
    }

    [Fact]
    public async Task Session_WhoseVariableOnlyMoves_StaysWhoseItIs()
    {
        (string key, string sessionKey) = NewSession();
        await WriteAsync(key, Named("a|i:1;"));
        await Client.TextAsync("GET", key);
        var other = new SessionSignIn { User = UserCluster.KeyOf("other") };
        var signIn = new SessionCommit { OperationId = Guid.NewGuid(), Changes = [], SignIn = other };
        await cluster.Sessions.CommitAsync(new SessionKey(sessionKey), signIn, TestContext.Current.CancellationToken);

        await Client.TextAsync("SETEX", key, 100, $"b|i:1;{Named("a|i:1;")}");

        Assert.Equal(other.User, (await cluster.Sessions.DescribeAsync(new SessionKey(sessionKey), TestContext.Current.CancellationToken))!.Identity!.User);
    }

    [Fact]
    public async Task EndAll_OfTheUser_EndsItAndItsLateWritesToo()
    {
        string key = NewSession().Key;
        await WriteAsync(key, Named("a|i:1;"));
        await Client.TextAsync("GET", key);

        Assert.Equal(1, await cluster.SessionsOf(_user).EndAllAsync(EndReason.EndedByUser));

        Assert.Equal("OK", await Client.TextAsync("SETEX", key, 100, Named("a|i:2;")));
        Assert.Null(await Client.TextAsync("GET", key));
        Assert.Empty(await ListAsync());
    }

    /// <summary>session_regenerate_id(true) ends the old id; session_regenerate_id() writes it once more.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task EndAll_WhileARequestRegeneratesTheId_EndsTheSessionUnderBothIds(bool endsOldId)
    {
        string key = NewSession().Key;
        string newKey = NewSession().Key;
        await WriteAsync(key, Named("a|i:1;"));
        await Client.TextAsync("GET", key);
        await cluster.SessionsOf(_user).EndAllAsync(EndReason.EndedByUser);

        await (endsOldId ? Client.RunAsync("DEL", key) : Client.RunAsync("SETEX", key, 100, Named("a|i:2;")));
        await Client.TextAsync("GET", newKey);
        await Client.TextAsync("GET", newKey);
        string? answer = await Client.TextAsync("SETEX", newKey, 100, Named("a|i:2;"));
        await Client.TextAsync("SETEX", newKey, 100, Named("a|i:3;"));

        Assert.Equal("OK", answer);
        Assert.Null(await Client.TextAsync("GET", newKey));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task NewId_OfALiveSession_IsListed()
    {
        string key = NewSession().Key;
        string newKey = NewSession().Key;
        await WriteAsync(key, Named("a|i:1;"));
        await Client.TextAsync("GET", key);

        await Client.RunAsync("DEL", key);
        await WriteAsync(newKey, Named("a|i:1;"));

        Assert.NotNull(await Client.TextAsync("GET", newKey));
        Assert.Single(await ListAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SignIn_OverAConnectionThatHadAnEndedSession_IsNoMoveOfIt(bool isSameUser)
    {
        string key = NewSession().Key;
        string newKey = NewSession().Key;
        await WriteAsync(key, Named("a|i:1;"));
        await Client.TextAsync("GET", key);
        await cluster.SessionsOf(_user).EndAllAsync(EndReason.EndedByUser);
        await Client.RunAsync("DEL", key);
        string session = isSameUser ? Named("") : "_user|s:7:\"another\";";

        if (isSameUser)
        {
            // The page that asks for the password.
            await Client.TextAsync("GET", NewSession().Key);
        }

        await WriteAsync(newKey, session);

        Assert.Equal(session, await Client.TextAsync("GET", newKey));
    }

    [Fact]
    public async Task Session_Destroyed_LeavesTheList()
    {
        string key = NewSession().Key;
        await WriteAsync(key, Named(""));

        await Client.RunAsync("DEL", key);

        Assert.Empty(await ListAsync());
    }

    [Theory]
    [InlineData("_user|s:0:\"\";")]
    [InlineData("_user|N;")]
    [InlineData("_user|a:1:{i:0;i:1;}")]
    [InlineData("_user|d:0.5;")]
    [InlineData("user|s:3:\"ada\";")]
    public async Task Variable_OfAnotherKind_NamesNobodyAndIsStored(string session)
    {
        string key = NewSession().Key;

        await WriteAsync(key, session);

        Assert.Equal(session, await Client.TextAsync("GET", key));
        Assert.Empty((await cluster.SessionsOf("ada").ListAsync(0, 10)).Sessions);
    }

    [Fact]
    public async Task Session_UnderAPlainKey_NamesNobody()
    {
        await WriteAsync($"other:{NewSession().Key}", Named(""));

        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Session_BeyondTheLimit_IsRefused()
    {
        for (int i = 0; i < 3; i++)
        {
            await WriteAsync(NewSession().Key, Named(""));
        }

        Assert.Equal("ERR the user has too many sessions", await Client.ErrorAsync("SETEX", NewSession().Key, 100, Named("")));
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private static (string Key, string SessionKey) NewSession()
    {
        var token = SessionToken.CreateWithoutSecret();
        return (Prefix + token.Value, SessionKey.For(Prefix, token).Value);
    }

    private string Named(string rest) => $"_user|s:32:\"{_user}\";{rest}";

    /// <summary>As PHP: a request reads and then writes.</summary>
    private async Task WriteAsync(string key, string session)
    {
        await Client.TextAsync("GET", key);
        Assert.Equal("OK", await Client.TextAsync("SETEX", key, 100, session));
    }

    private async Task<IEnumerable<UserSession>> ListAsync() => (await cluster.SessionsOf(_user).ListAsync(0, 10)).Sessions;
}
