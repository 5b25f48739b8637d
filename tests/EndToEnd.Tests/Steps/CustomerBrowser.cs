using System.Net;
using System.Text.RegularExpressions;
using OrleansSessions.EndToEnd.Tests.Sessions;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <summary>Customer's browser without scripts: it fills in the shop's forms.</summary>
internal sealed partial class CustomerBrowser(Uri frontend, Uri otherFrontend) : IDisposable
{
    private readonly Browser _browser = new(frontend);

    /// <summary>The customer's other requests, which another frontend answers.</summary>
    public Uri OtherFrontend => otherFrontend;

    /// <summary>The session's token; null: no session.</summary>
    public string? Token => _browser.Token;

    /// <summary>The session's key.</summary>
    public string Key => StoredUsers.SessionKeyOf(Token ?? throw new InvalidOperationException("The browser has no session."));

    public Task PutAsync(string name, string text) => _browser.PutAsync(name, text);

    public Task<HttpResponseMessage> SignInAsync(string user, string? device = null) =>
        PostAsync("/sign-in", "/sign-in", new() { ["Name"] = user, ["Device"] = device ?? "" });

    public Task<HttpResponseMessage> SignOutAsync() => PostAsync("/devices", "/sign-out", []);

    public Task<HttpResponseMessage> EndAsync(string sessionKey) => PostAsync("/devices", "/devices?handler=End", new() { ["key"] = sessionKey });

    public Task<HttpResponseMessage> EndOthersAsync() => PostAsync("/devices", "/devices?handler=EndOthers", []);

    public Task<HttpResponseMessage> RotateAsync() => _browser.SendAsync(HttpMethod.Post, "/api/session/rotate");

    /// <summary>The keys of the sessions on the page of the customer's devices.</summary>
    public async Task<string[]> DevicesAsync()
    {
        string page = await PageAsync("/devices");
        return [.. DeviceKey().Matches(page).Select(static match => match.Groups["key"].Value).Order(StringComparer.Ordinal)];
    }

    /// <summary>What both frontends show of the session, which must be the same.</summary>
    public async Task<SessionView> ViewAsync()
    {
        using Browser other = _browser.Clone(OtherFrontend);
        SessionView view = await _browser.GetAsync();
        SessionView otherView = await other.GetAsync();
        Assert.Equal((view.Id, view["customer:name"]), (otherView.Id, otherView["customer:name"]));
        return view;
    }

    /// <summary>A browser that keeps the present token, on the other frontend.</summary>
    public Browser KeepToken() => _browser.Clone(OtherFrontend);

    /// <summary>Opens a request with the present token that writes an entry later.</summary>
    public Task<LateWrite> BeginWriteAsync(string name, string text) => LateWrite.BeginAsync(_browser, OtherFrontend, name, text);

    public void Dispose() => _browser.Dispose();

    private async Task<HttpResponseMessage> PostAsync(string formPage, string action, Dictionary<string, string> fields)
    {
        fields["__RequestVerificationToken"] = FormToken().Match(await PageAsync(formPage)).Groups["token"].Value;
        return await _browser.SendAsync(HttpMethod.Post, action, new FormUrlEncodedContent(fields));
    }

    private async Task<string> PageAsync(string path)
    {
        using HttpResponseMessage response = await _browser.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("name=\"key\" value=\"(?<key>[A-Za-z0-9_-]{43})\"")]
    private static partial Regex DeviceKey();

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"")]
    private static partial Regex FormToken();
}
