using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.TestHost;

namespace OrleansSessions.Samples.Tests;

/// <summary>Browser whose requests reach the frontends in turn. It keeps cookies and follows redirects.</summary>
internal sealed partial class Browser : IDisposable
{
    private static readonly Uri Site = new("http://localhost");

    private readonly TestServer[] _frontends;
    private readonly HttpMessageInvoker[] _clients;
    private readonly CookieContainer _cookies = new();
    private int _requests;

    public Browser(params TestServer[] frontends)
    {
        _frontends = frontends;
        _clients = [.. frontends.Select(static frontend => new HttpMessageInvoker(frontend.CreateHandler()))];
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Returns another browser with the same cookies, as after a theft.</summary>
    public Browser Copy()
    {
        var copy = new Browser(_frontends);
        copy._cookies.Add(_cookies.GetAllCookies());
        return copy;
    }

    public Task<string> GetAsync(string path) => SendAsync(HttpMethod.Get, path, content: null);

    public Task<string> PostAsync(string path) => SendAsync(HttpMethod.Post, path, content: null);

    public Task<string> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, content: null);

    /// <summary>Submits a page's form, with its antiforgery token.</summary>
    public Task<string> SubmitAsync(string path, string page, params (string Name, string Value)[] fields) => SendAsync(
        HttpMethod.Post,
        path,
        new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", AntiforgeryToken().Match(page).Groups[1].Value),
            .. fields.Select(static field => new KeyValuePair<string, string>(field.Name, field.Value)),
        ]));

    public void Dispose()
    {
        foreach (HttpMessageInvoker client in _clients)
        {
            client.Dispose();
        }
    }

    private async Task<string> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, new Uri(Site, path)) { Content = content };
        if (_cookies.GetCookieHeader(Site) is { Length: > 0 } cookies)
        {
            request.Headers.Add("Cookie", cookies);
        }

        using HttpResponseMessage response = await _clients[_requests++ % _clients.Length].SendAsync(request, Cancellation);
        foreach (string cookie in response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? set) ? set : [])
        {
            _cookies.SetCookies(Site, cookie);
        }

        string body = await response.Content.ReadAsStringAsync(Cancellation);
        if (response.StatusCode == HttpStatusCode.Redirect)
        {
            return await GetAsync(response.Headers.Location!.ToString());
        }

        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {body}");
        return body;
    }

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="([^"]+)""")]
    private static partial Regex AntiforgeryToken();
}
