using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Calls;
using OrleansSessions.Client;
using OrleansSessions.Client.News;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Live;

/// <summary>News of sessions and their use by connections, with scripted answers of the session's grain.</summary>
public sealed class SessionNewsTests : IClassFixture<LiveCluster>
{
    private const string Describe = nameof(ISessionGrain.DescribeAsync);
    private const string Load = nameof(ISessionGrain.LoadAsync);

    private readonly SessionKey _key = SessionKey.For("news", SessionToken.Create());
    private readonly Guid _incarnation = Guid.NewGuid();
    private readonly LogCapture _logs = new();
    private readonly ScriptedGrains _grains;
    private readonly SessionClient _client;
    private readonly SessionNews _news;

    public SessionNewsTests(LiveCluster cluster)
    {
        _grains = new ScriptedGrains(cluster.One.Services.GetRequiredService<IGrainFactory>());
        _client = new SessionClient(_grains, TimeSpan.FromSeconds(10), TimeProvider.System);
        var loggers = new LoggerFactory([_logs], new LoggerFilterOptions { MinLevel = LogLevel.Debug });
        _news = new SessionNews(_client, TimeSpan.FromMilliseconds(10), TimeProvider.System, new Logger<SessionNews>(loggers));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_ReadsOutsideTheContextOfItsFirstListener()
    {
        var request = new AsyncLocal<string> { Value = "the first listener's request" };
        var seen = new TaskCompletionSource<string?>();
        _grains.EndAlways(Describe, () =>
        {
            seen.TrySetResult(request.Value);
            return Task.FromResult<object>(At(1, user: null));
        });
        await using IAsyncEnumerator<SessionDescription> watch = WatchAsync();
        Assert.True(await watch.MoveNextAsync());

        Assert.Null(await seen.Task.WaitAsync(Stop));
    }

    [Fact]
    public async Task Reading_ThatFails_IsLoggedOnceUntilOneSucceeds()
    {
        _grains.Fail(Describe, new NotSupportedException("Stored by a newer version."), times: 3);
        _grains.EndAlways(Describe, () => Task.FromResult<object>(At(1, user: null)));
        await using IAsyncEnumerator<SessionDescription> watch = WatchAsync();

        Assert.True(await watch.MoveNextAsync());

        LogRecord told = Assert.Single(_logs.Records);
        Assert.Equal(LogLevel.Debug, told.Level);
        Assert.Contains(_key.Value, told.Text, StringComparison.Ordinal);
        Assert.Contains("Stored by a newer version.", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BoundConnection_OthersReadItsSessionBeforeTheSignIn_StaysOpenUntilTheEnd()
    {
        SessionDescription? stored = At(1, user: null);
        _grains.EndAlways(Describe, () => Task.FromResult<object>(stored!));
        await using IAsyncEnumerator<SessionDescription> other = WatchAsync();
        Assert.True(await other.MoveNextAsync());

        var bound = new BoundSession(_key, _incarnation, 2, At(2, "ada").Identity, PrivilegeChanges: 0);
        Task ended = bound.WaitForEndAsync(_news, Stop);
        Assert.False(ended.IsCompleted);

        stored = At(2, "ada");
        Assert.True(await other.MoveNextAsync());
        Assert.False(ended.IsCompleted);

        stored = null;
        await ended.WaitAsync(Stop);
    }

    [Fact]
    public async Task KeptConnection_SessionCanNotBeRead_TriesAgain()
    {
        _grains.Fail(Load, new NotSupportedException("Stored by a newer version."));
        var options = new OptionsWrapper<OrleansSessionOptions>(new OrleansSessionOptions());
        var requests = new LiveRequests(_news, _client, options, TimeProvider.System, NullLogger<LiveRequests>.Instance);

        // The second try finds no session, and there is nothing to keep.
        await requests.KeepAliveAsync(new BoundSession(_key, _incarnation, 1, null, PrivilegeChanges: 0), TimeSpan.FromMilliseconds(40), Stop);

        // On a busy machine the second try may be repeated, because its answer was late.
        Assert.True(_grains.Methods.Count(static method => method == Load) >= 2);
    }

    private IAsyncEnumerator<SessionDescription> WatchAsync() => _news.WatchAsync(_key, cancellationToken: Stop).GetAsyncEnumerator(Stop);

    private SessionDescription At(long version, string? user) => new()
    {
        Incarnation = _incarnation,
        Version = version,
        EntryCount = 0,
        Bytes = 0,
        CreatedAt = DateTimeOffset.UnixEpoch,
        ExpiresAt = DateTimeOffset.UnixEpoch,
        Silo = "one",
        Identity = user is null ? null : new SessionIdentity { User = user, AuthenticatedAt = DateTimeOffset.UnixEpoch, SignedInAt = DateTimeOffset.UnixEpoch },
    };
}
