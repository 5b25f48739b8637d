using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>Entries that PHP stored, read and changed by an ASP.NET Core application.</summary>
public sealed class PhpEntryTests(SessionCluster cluster)
{
    private const string PhpObject = "O:4:\"User\":1:{s:4:\"name\";s:3:\"Ada\";}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scalars_AreReadAsISessionReadsThem()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await SessionOfPhpAsync(
            lab, ("name", "s:6:\"grün!\";"), ("number", "i:-42;"), ("large", "i:4294967296;"), ("list", "a:2:{i:0;i:1;i:1;d:2;}"), ("user", PhpObject));

        await lab.RunAsync(browser, session =>
        {
            Assert.Equal("grün!", session.GetString("name"));
            Assert.Equal(-42, session.GetInt32("number"));
            Assert.Equal("4294967296", session.GetString("large"));
            Assert.Equal("[1,2.0]", session.GetString("list"));
            Assert.Equal(PhpObject, session.GetString("user"));
        });
    }

    [Fact]
    public async Task ScalarsAndArrays_AreReadTyped()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await SessionOfPhpAsync(
            lab,
            ("name", "s:6:\"grün!\";"),
            ("number", "i:-42;"),
            ("price", "d:0.1;"),
            ("yes", "b:1;"),
            ("nothing", "N;"),
            ("line", "a:2:{s:3:\"sku\";i:4711;s:4:\"tags\";a:2:{i:0;s:3:\"tea\";i:1;s:5:\"green\";}}"),
            ("by id", "a:1:{i:4711;i:2;}"));

        await lab.RunAsync(browser, session =>
        {
            Assert.Equal("grün!", session.Get<string>("name"));
            Assert.Equal(-42L, session.Get<long>("number"));
            Assert.Equal(0.1, session.Get<double>("price"));
            Assert.True(session.Get<bool>("yes"));
            Assert.Null(session.Get<int?>("nothing"));
            Assert.Equivalent(new Line(4711, ["tea", "green"]), session.Get<Line>("line"));
            Assert.Equal(2, session.Get<Dictionary<int, int>>("by id")![4711]);
        });
    }

    [Fact]
    public async Task EmptyArray_IsAnEmptyListAndAnEmptyMap()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await SessionOfPhpAsync(lab, ("cart", "a:0:{}"));

        await lab.RunAsync(browser, session =>
        {
            Assert.Empty(session.Get<List<int>>("cart")!);
            Assert.Empty(session.Get<Dictionary<string, int>>("cart")!);
            Assert.Throws<SessionEntryException>(() => session.Get<int>("cart"));
        });
    }

    [Fact]
    public async Task Object_ReadTyped_ThrowsAndStaysAsItIs()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await SessionOfPhpAsync(lab, ("user", PhpObject));

        using HttpResponseMessage response = await lab.SendAsync(browser, context =>
        {
            SessionEntryException exception = Assert.Throws<SessionEntryException>(() => context.Session.Get<Line>("user"));
            Assert.Contains("'user' holds a PHP object", exception.Message, StringComparison.Ordinal);
            context.Session.SetString("other", "1");
            throw exception;
        });

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        SessionEntry entry = (await lab.AskAsync(browser, session => session.GetEntry("user")))!;
        Assert.Equal((PhpObject, EntryFormat.Php), (Encoding.UTF8.GetString(entry.Value), entry.Format));
    }

    [Fact]
    public async Task Increment_OfAnInt_StaysAnIntOfPhp()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await SessionOfPhpAsync(lab, ("n", "i:41;"), ("text", "s:2:\"41\";"));

        await lab.RunAsync(browser, async session =>
        {
            Assert.Equal(42, await session.IncrementAsync("n", 1, Cancellation));
            Assert.Equal(42, session.GetInt32("n"));
            await Assert.ThrowsAsync<SessionEntryException>(() => session.IncrementAsync("text", 1, Cancellation));
        });

        SessionEntry entry = (await lab.AskAsync(browser, session => session.GetEntry("n")))!;
        Assert.Equal(("i:42;", EntryFormat.Php), (Encoding.UTF8.GetString(entry.Value), entry.Format));
    }

    [Fact]
    public async Task Update_OfAnArray_IsComputedFromIt()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await SessionOfPhpAsync(lab, ("seen", "a:1:{i:0;s:3:\"tea\";}"), ("user", PhpObject));

        await lab.RunAsync(browser, async session =>
        {
            await session.UpdateAsync<string[]>("seen", seen => [.. seen ?? [], "cup"], Cancellation);
            await Assert.ThrowsAsync<SessionEntryException>(() => session.UpdateAsync<string[]>("user", seen => seen ?? [], Cancellation));
        });

        Assert.Equal(["tea", "cup"], (await lab.AskAsync(browser, session => session.Get<string[]>("seen")))!);
    }

    private static async Task<Browser> SessionOfPhpAsync(Lab lab, params (string Name, string Serialized)[] entries)
    {
        Browser browser = lab.NewBrowser();
        await lab.RunAsync(browser, session =>
        {
            foreach ((string name, string serialized) in entries)
            {
                session.SetEntry(name, Encoding.UTF8.GetBytes(serialized), EntryFormat.Php);
            }
        });
        return browser;
    }

    private sealed record Line(int Sku, IReadOnlyList<string> Tags);
}
