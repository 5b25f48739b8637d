using System.Text;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>A session's entries, as <see cref="ISession"/> reads and changes them.</summary>
public sealed class EntryTests(SessionCluster cluster)
{
    [Fact]
    public async Task Entries_SetRemovedAndCleared_AreSeenByTheRequestAndByTheNext()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session =>
        {
            session.SetString("a", "1");
            session.SetInt32("b", 2);
            session.Set("c", [3]);
            session.Remove("a");
            session.Remove("never there");
            Assert.Equal(["b", "c"], session.Keys);
        });
        await lab.RunAsync(browser, session =>
        {
            Assert.Equal(["b", "c"], session.Keys);
            Assert.Equal(2, session.GetInt32("b"));
            Assert.False(session.TryGetValue("a", out byte[]? none));
            Assert.Null(none);
            session.Clear();
            Assert.Empty(session.Keys);
            session.SetString("d", "4");
            Assert.Equal(["d"], session.Keys);
        });
        await lab.RunAsync(browser, session =>
        {
            Assert.Equal(["d"], session.Keys);
            session.Clear();
        });
        await lab.RunAsync(browser, session =>
        {
            Assert.Empty(session.Keys);
            Assert.True(session.Exists);
        });
    }

    [Fact]
    public async Task Keys_AreCaseSensitiveAndMayBeAnyText()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        string[] names = ["a", "A", "ключ", "🛒", " with spaces ", new string('x', 256), "semi;colon", "a/b?c=d"];

        await lab.RunAsync(browser, session =>
        {
            foreach (string name in names)
            {
                session.SetString(name, name);
            }
        });

        await lab.RunAsync(browser, session =>
        {
            Assert.Equal(names, session.Keys);
            Assert.All(names, name => Assert.Equal(name, session.GetString(name)));
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keys_WhileEntriesAreRemoved_CanBeEnumerated(bool changedBefore)
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        await lab.RunAsync(browser, session =>
        {
            session.SetString("cart.1", "x");
            session.SetString("cart.2", "x");
            session.SetString("user", "x");
        });

        await lab.RunAsync(browser, session =>
        {
            if (changedBefore)
            {
                session.SetString("seen", "now");
            }

            foreach (string key in session.Keys.Where(key => key.StartsWith("cart.", StringComparison.Ordinal)))
            {
                session.Remove(key);
            }
        });

        Assert.DoesNotContain(await lab.AskAsync(browser, session => session.Keys.ToArray()), key => key.StartsWith("cart.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TryGetValue_ReturnsACopy()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();
        byte[] mine = [1, 2, 3];

        await lab.RunAsync(browser, session =>
        {
            session.Set("bytes", mine);
            mine[0] = 99;
            Assert.True(session.TryGetValue("bytes", out byte[]? pending));
            pending[1] = 99;
        });
        await lab.RunAsync(browser, session =>
        {
            Assert.True(session.TryGetValue("bytes", out byte[]? loaded));
            Assert.Equal([1, 2, 3], loaded);
            loaded[2] = 99;
        });

        await lab.RunAsync(browser, session => Assert.Equal([1, 2, 3], session.Get("bytes")));
    }

    [Fact]
    public async Task Value_Empty_IsNotAbsent()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session => session.Set("empty", []));

        await lab.RunAsync(browser, session =>
        {
            Assert.True(session.TryGetValue("empty", out byte[]? value));
            Assert.Empty(value);
        });
    }

    [Fact]
    public async Task GetEntries_AfterwardsChanged_StayAsTheyWere()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        await lab.RunAsync(browser, session =>
        {
            session.SetString("b", "2");
            IReadOnlyList<SessionEntry> entries = session.GetEntries();
            session.SetString("c", "3");
            Assert.Equal(["a", "b"], entries.Select(entry => entry.Name));
        });
    }

    [Fact]
    public async Task Text_OfTheFrameworksSetString_IsStoredAsItsUtf8Bytes()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = lab.NewBrowser();

        await lab.RunAsync(browser, session => session.SetString("a", "größer"));

        SessionEntry entry = (await lab.AskAsync(browser, session => session.GetEntry("a")))!;
        Assert.Equal(EntryFormat.Bytes, entry.Format);
        Assert.Equal("größer", Encoding.UTF8.GetString(entry.Value));
    }
}
