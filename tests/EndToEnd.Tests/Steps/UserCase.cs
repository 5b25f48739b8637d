using System.Net;
using OrleansSessions.EndToEnd.Tests.Sessions;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <summary>A user with some browsers, one operation on their sessions, and what must be true afterwards, wherever a silo was killed.</summary>
internal sealed class UserCase : IAsyncDisposable
{
    private const int Attempts = 3;

    private static readonly TimeSpan AnnouncedWithin = TimeSpan.FromSeconds(60);

    private readonly SteppedCluster _cluster;
    private readonly UserOperation _operation;
    private readonly Random _random;
    private readonly string _user;
    private readonly CustomerBrowser _witness;
    private readonly CustomerBrowser _subject;
    private readonly CustomerBrowser[] _others;
    private readonly Dictionary<CustomerBrowser, LateWrite> _lateWrites = [];
    private readonly Dictionary<CustomerBrowser, string> _keys = [];
    private Browser? _before;
    private DateTimeOffset _began;
    private DateTimeOffset _ended;

    private UserCase(SteppedCluster cluster, UserOperation operation, Random random, string user)
    {
        _cluster = cluster;
        _operation = operation;
        _random = random;
        _user = user;
        _witness = Open();
        _subject = Open();
        _others = [.. Enumerable.Range(0, operation == UserOperation.SignInBeyondTheLimit ? SteppedCluster.MaxSessions - 1 : 1).Select(_ => Open())];
    }

    /// <summary>The number of attempts that the frontend answered with 503.</summary>
    public int Unavailable { get; private set; }

    private IEnumerable<CustomerBrowser> Browsers => [_witness, _subject, .. _others];

    private bool SignsIn => _operation is UserOperation.SignIn or UserOperation.SignInBeyondTheLimit;

    /// <summary>Signs the user in on some browsers, and opens the pages that write late.</summary>
    public static async Task<UserCase> PrepareAsync(SteppedCluster cluster, UserOperation operation, Random random, string user)
    {
        var prepared = new UserCase(cluster, operation, random, user);
        await prepared.PrepareAsync();
        return prepared;
    }

    /// <summary>Runs the operation, and again while the frontend answers that the cluster is away.</summary>
    public async Task RunAsync()
    {
        _began = DateTimeOffset.UtcNow;
        for (int attempt = 1; ; attempt++)
        {
            using HttpResponseMessage response = await SendAsync();
            if (response.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.NoContent)
            {
                _ended = DateTimeOffset.UtcNow;
                return;
            }

            Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (response.StatusCode, attempt < Attempts));
            Unavailable++;
        }
    }

    /// <summary>Whether the operation, or the preparation, has made all its writes.</summary>
    public async Task<bool> IsSettledAsync()
    {
        string[] keys = [.. Browsers.Where(static browser => browser.Token is not null).Select(static browser => browser.Key).Union(_keys.Values)];
        string[] signedIn = await _cluster.Store.SignedInAsync(_user);
        return await _cluster.Store.ListedAsync(_user) == signedIn.Length
            && (await Task.WhenAll(keys.Select(_cluster.Store.HasNoEndToAnnounceAsync))).All(static announced => announced)
            && (await _cluster.Store.AuditedAsync("Created")).IsSupersetOf(keys)
            && (await _cluster.Store.AuditedAsync("SignedIn")).IsSupersetOf(signedIn);
    }

    /// <summary>Asserts that the user's list, their sessions and Redis agree, and that what has ended stays so.</summary>
    public async Task AssertConsistentAsync()
    {
        HashSet<CustomerBrowser> live = await AssertAgreedAsync();
        AssertExpected(live);
        await AssertTokenBeforeAsync();
        foreach ((CustomerBrowser browser, LateWrite write) in _lateWrites)
        {
            Assert.Equal(live.Contains(browser) ? HttpStatusCode.NoContent : HttpStatusCode.Conflict, await write.EndAsync());
        }

        Assert.Equal(live, await AssertAgreedAsync());
        foreach (CustomerBrowser browser in _lateWrites.Keys.Where(live.Contains))
        {
            Assert.Equal("late", (await browser.ViewAsync())["late"]?.Trim());
        }

        string[] ended = [.. _keys.Where(known => !live.Contains(known.Key)).Select(static known => known.Value)];
        await AssertAuditedAsync("Ended", ended);
        Assert.Empty((await _cluster.Store.AuditedAsync("Ended")).Intersect(live.Select(static browser => browser.Key)));
    }

    /// <summary>After a rotation's grace the token before opens nothing, and presenting it ends the session.</summary>
    public async Task AssertReuseEndsAsync()
    {
        await Eventually.TimeAsync(_ended + SteppedCluster.RotationGrace);

        Assert.Null((await _before!.GetAsync()).Id);
        Assert.Null((await _subject.ViewAsync()).Id);
        await AssertAuditedAsync("Reused", [_keys[_subject]]);
        await AssertAuditedAsync("Ended", [_keys[_subject]]);
        Assert.DoesNotContain(_keys[_subject], await _witness.DevicesAsync());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (LateWrite write in _lateWrites.Values)
        {
            await write.DisposeAsync();
        }

        foreach (CustomerBrowser browser in Browsers)
        {
            browser.Dispose();
        }

        _before?.Dispose();
    }

    private CustomerBrowser Open()
    {
        int first = _random.Next(_cluster.Frontends.Count);
        return new CustomerBrowser(_cluster.Frontends[first], _cluster.Frontends[1 - first]);
    }

    private async Task PrepareAsync()
    {
        CustomerBrowser[] signedIn = SignsIn ? _others : [_subject, .. _others];
        _random.Shuffle(signedIn);
        foreach (CustomerBrowser browser in signedIn)
        {
            await SignInAsync(browser);
        }

        if (_operation == UserOperation.SignIn)
        {
            await _subject.PutAsync("cart", "lantern");
            _keys[_subject] = _subject.Key;
        }

        foreach (CustomerBrowser browser in signedIn.Union([_subject]).Where(static browser => browser.Token is not null))
        {
            _lateWrites[browser] = await browser.BeginWriteAsync("late", "late");
        }

        // Last, so that it is not the one that was unused for longest.
        await SignInAsync(_witness);
        _before = _subject.Token is null ? null : _subject.KeepToken();
    }

    private async Task SignInAsync(CustomerBrowser browser)
    {
        using HttpResponseMessage response = await browser.SignInAsync(_user);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        _keys[browser] = browser.Key;
    }

    private Task<HttpResponseMessage> SendAsync() => _operation switch
    {
        UserOperation.SignIn or UserOperation.SignInBeyondTheLimit => _subject.SignInAsync(_user),
        UserOperation.Rotate => _subject.RotateAsync(),
        UserOperation.SignOut => _subject.SignOutAsync(),
        UserOperation.EndOne => _witness.EndAsync(_keys[_subject]),
        UserOperation.EndOthers => _witness.EndOthersAsync(),
        _ => throw new InvalidOperationException($"There is no operation {_operation}."),
    };

    /// <summary>Asserts that exactly those browsers are signed in that the user's list and Redis have.</summary>
    /// <returns>Those browsers.</returns>
    private async Task<HashSet<CustomerBrowser>> AssertAgreedAsync()
    {
        string[] devices = await _witness.DevicesAsync();
        HashSet<CustomerBrowser> live = [];
        foreach (CustomerBrowser browser in Browsers)
        {
            SessionView view = await browser.ViewAsync();
            if (view["customer:name"] is { } name)
            {
                Assert.Equal(_user, name);
                live.Add(browser);
            }
        }

        string[] keys = [.. live.Select(static browser => browser.Key).Order(StringComparer.Ordinal)];
        Assert.Equal(keys, devices);
        Assert.Equal(keys, await _cluster.Store.SignedInAsync(_user));
        Assert.Equal(keys.Length, await _cluster.Store.ListedAsync(_user));
        Assert.All(await Task.WhenAll(keys.Select(_cluster.Store.HasDeadlineAsync)), Assert.True);
        return live;
    }

    private void AssertExpected(HashSet<CustomerBrowser> live)
    {
        Assert.Contains(_witness, live);
        Assert.Equal(SignsIn || _operation == UserOperation.Rotate, live.Contains(_subject));
        int others = _operation switch
        {
            UserOperation.SignInBeyondTheLimit => SteppedCluster.MaxSessions - 2,
            UserOperation.EndOthers => 0,
            _ => _others.Length,
        };
        Assert.Equal(others, _others.Count(live.Contains));
    }

    /// <summary>A rotation leaves the token before valid for the grace. A sign-in takes every right from it, and nothing revives that of an ended session.</summary>
    private async Task AssertTokenBeforeAsync()
    {
        if (_before is null)
        {
            return;
        }

        bool isReplaced = SignsIn || _operation == UserOperation.Rotate;
        Assert.Equal(_before.Token != _subject.Token, isReplaced || _operation == UserOperation.SignOut);

        // Presenting a replaced token after its grace would be reuse, and end the session.
        if (!isReplaced || DateTimeOffset.UtcNow < _began + (SteppedCluster.RotationGrace / 2))
        {
            Assert.Equal(_operation == UserOperation.Rotate ? _user : null, (await _before.GetAsync())["customer:name"]);
        }
    }

    private Task AssertAuditedAsync(string kind, string[] keys) =>
        Eventually.TrueAsync($"{kind} is in the audit trail", AnnouncedWithin, async () => (await _cluster.Store.AuditedAsync(kind)).IsSupersetOf(keys));
}
