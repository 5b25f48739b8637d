using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.Administration.Tests;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

[assembly: AssemblyFixture(typeof(AdministeredCluster))]

namespace OrleansSessions.Administration.Tests;

/// <summary>One silo that serves the administration at a port of its own.</summary>
public sealed class AdministeredCluster : IAsyncLifetime
{
    public const string UserNamespace = "default";

    private static readonly byte[] UserKeySecret = [.. Enumerable.Range(0, UserKey.MinSecretBytes).Select(static i => (byte)i)];

    private readonly EmbeddedStore _store = EmbeddedStore.Start();
    private readonly string _keysFile = Path.GetTempFileName();
    private WebApplication? _app;

    public IGrainFactory Grains => _app!.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Calls sessions like a frontend, which repeats a call without an answer.</summary>
    internal SessionClient Sessions => new(Grains, SessionClient.MaxIOTimeout, TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Uri Url { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LoopbackPort.Next()}"));

    /// <summary>The key of an administrator with these permissions.</summary>
    public static string KeyOf(params string[] permissions) => string.Join('-', permissions).PadRight(43, 'k');

    /// <summary>The key of a user that the administration finds by this id.</summary>
    public static string UserKeyOf(string userId) => UserKey.For(UserKeySecret, UserNamespace, userId).Value;

    public async ValueTask InitializeAsync()
    {
        await WriteKeysAsync();
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.AddTestSilo(_store, "administration-tests", "silo-1");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Administration:Url"] = Url.ToString(),
            ["Administration:KeysFile"] = _keysFile,
            ["Administration:UserKeySecret"] = Convert.ToBase64String(UserKeySecret),
            ["urls"] = Url.ToString(),
        });
        builder.AddSessionAdministration();
        _app = builder.Build();
        _app.UseSessionAdministration();
        await _app.StartAsync();
    }

    /// <summary>Writes the key file: one administrator for each combination of permissions that tests use, and others.</summary>
    public async Task WriteKeysAsync(params string[] others)
    {
        // Replaced at once: requests of other tests read it meanwhile.
        string next = $"{_keysFile}.next";
        await File.WriteAllLinesAsync(next,
        [
            "# name permissions key",
            $"reader read {KeyOf("read")}",
            $"ender end {KeyOf("end")}",
            $"curious values {KeyOf("values")}",
            $"ada read,end,values {KeyOf("read", "end", "values")}",
            .. others,
        ]);
        File.Move(next, _keysFile, overwrite: true);
    }

    /// <summary>A client with a key; null: without one.</summary>
    public HttpClient Client(string? key)
    {
        var client = new HttpClient { BaseAddress = Url };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Creates a session with an entry, signed in as a user if one is given.</summary>
    /// <returns>The session's key.</returns>
    public async Task<string> CreateAsync(string? userId = null, params string[] tags)
    {
        string key = SessionKey.For("shop", SessionToken.Create()).Value;
        await CommitAsync(key, new SessionCommit
        {
            OperationId = Guid.NewGuid(),
            Namespace = "shop",
            Changes = [SessionChange.Set("cart", "lantern"u8.ToArray(), EntryFormat.Bytes)],
            SignIn = userId is null ? null : new SessionSignIn { User = UserKeyOf(userId), Tags = [.. tags] },
        });
        return key;
    }

    public async Task CommitAsync(string key, SessionCommit commit) =>
        Assert.Equal(CommitOutcome.Applied, (await Sessions.CommitAsync(new SessionKey(key), commit, Cancellation)).Outcome);

    public async Task<bool> ExistsAsync(string key) => (await Sessions.LoadAsync(new SessionKey(key), touch: false, Cancellation)).Outcome == LoadOutcome.Active;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        _store.Dispose();
        File.Delete(_keysFile);
    }
}
