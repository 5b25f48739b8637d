using OrleansSessions.EndToEnd.Tests.Processes;
using OrleansSessions.EndToEnd.Tests.Sessions;
using OrleansSessions.EndToEnd.Tests.Stores;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Expiry;

/// <summary>Unused sessions: gone for readers at their deadline, and gone from Redis soon after.</summary>
public abstract class ExpiryTests
{
    private static readonly TimeSpan SweptWithin = TimeSpan.FromMinutes(2);

    /// <summary>Time allowed for detection on a busy machine.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    private protected static LocalClusterOptions Options(RedisProcess redis, TimeSpan idleTimeout) => new()
    {
        Redis = redis.Address,
        Frontends = 1,
        Environment = new Dictionary<string, string> { ["Sessions__IdleTimeout"] = idleTimeout.ToString() },
    };

    /// <summary>Creates a session and asserts that Redis contains it while it lives.</summary>
    private protected static async Task<SessionView> CreateAsync(LocalClusterProcess cluster, StoredData store)
    {
        using var browser = new Browser(cluster.Url);
        await browser.PutAsync("name", "value");
        SessionView view = await browser.GetAsync();
        Assert.NotEmpty(await store.FindAsync(new SecretText(view.Id!)));
        return view;
    }

    private protected static async Task AssertSweptAsync(StoredData store, IReadOnlyList<SessionView> sessions)
    {
        DateTimeOffset last = sessions.Max(session => session.ExpiresAt!.Value);
        IReadOnlyList<string> left = [];
        TimeSpan within = last + SweptWithin + Tolerance - DateTimeOffset.UtcNow;
        try
        {
            await Eventually.TrueAsync("nothing of the expired sessions is in Redis", within, async () =>
            {
                left = await FindAsync(store, sessions);
                return left.Count == 0;
            });
        }
        catch (TimeoutException)
        {
            Assert.Fail("Left in Redis two minutes after the deadline:\n" + string.Join('\n', left));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Swept {(DateTimeOffset.UtcNow - last).TotalSeconds:0.0} s after the deadline.");
    }

    private static async Task<IReadOnlyList<string>> FindAsync(StoredData store, IReadOnlyList<SessionView> sessions)
    {
        List<string> found = [];
        foreach (SessionView session in sessions)
        {
            found.AddRange(await store.FindAsync(new SecretText(session.Id!)));
        }

        return found;
    }
}
