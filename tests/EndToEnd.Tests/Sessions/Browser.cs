using System.Net;
using System.Net.Http.Json;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Sessions;

/// <summary>User of the JSON API with their own cookies, like curl with a cookie jar.</summary>
internal sealed class Browser : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http;
    private readonly Uri _server;
    private readonly Action<SocketsHttpHandler>? _connect;

    /// <summary>Creates a browser without cookies.</summary>
    /// <param name="server">The address.</param>
    /// <param name="connect">Configures connections and TLS, if the server's name and the system's authorities are not enough.</param>
    public Browser(Uri server, Action<SocketsHttpHandler>? connect = null)
    {
        _server = server;
        _connect = connect;
        var handler = new SocketsHttpHandler { CookieContainer = _cookies, AllowAutoRedirect = false };
        connect?.Invoke(handler);
        _http = new HttpClient(handler, disposeHandler: true)
        {
            BaseAddress = server,
            Timeout = TimeSpan.FromSeconds(100),
        };
    }

    /// <summary>The secret in the session's cookie; null while there is no session.</summary>
    public string? Token => _cookies.GetCookies(_server).SingleOrDefault(IsSession)?.Value;

    /// <summary>The cookies as a request has them.</summary>
    public string CookieHeader => _cookies.GetCookieHeader(_server);

    /// <summary>Whether a cookie is the session's: antiforgery has one too.</summary>
    private static bool IsSession(Cookie cookie) => !cookie.Name.Contains("Antiforgery", StringComparison.OrdinalIgnoreCase);

    /// <summary>Another browser with the same cookies, on this server or another.</summary>
    public Browser Clone(Uri? server = null, Action<SocketsHttpHandler>? connect = null)
    {
        var clone = new Browser(server ?? _server, connect ?? _connect);
        foreach (Cookie cookie in _cookies.GetCookies(_server))
        {
            clone.SetCookie(cookie.Name, cookie.Value);
        }

        return clone;
    }

    /// <summary>Replaces the session cookie's value.</summary>
    public void ForgeToken(string token)
    {
        Cookie cookie = _cookies.GetCookies(_server).Single(IsSession);
        SetCookie(cookie.Name, token);
    }

    public void SetCookie(string name, string value) => _cookies.Add(new Cookie(name, value, "/", _server.Host));

    public async Task<SessionView> GetAsync()
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, "/api/session");
        await AssertSucceededAsync(response);
        return await ReadAsync(response);
    }

    public static async Task<SessionView> ReadAsync(HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<SessionView>(TestContext.Current.CancellationToken)
        ?? throw new InvalidDataException("GET /api/session answered null.");

    public Task<HttpResponseMessage> TryGetAsync() => SendAsync(HttpMethod.Get, "/api/session");

    public async Task<string> PutAsync(string name, string text)
    {
        using HttpResponseMessage response = await TryPutAsync(name, text);
        await AssertSucceededAsync(response);
        return ServedBy(response);
    }

    public Task<HttpResponseMessage> TryPutAsync(string name, string text) => SendAsync(HttpMethod.Put, EntryPath(name), new StringContent(text));

    /// <summary>Sends an entry whose text the server has to ask for: it does when it has loaded the session.</summary>
    public async Task<HttpResponseMessage> TryPutAsync(string name, HttpContent text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, EntryPath(name)) { Content = text };
        request.Headers.ExpectContinue = true;
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<long> IncrementAsync(string name)
    {
        using HttpResponseMessage response = await TryIncrementAsync(name);
        await AssertSucceededAsync(response);
        return (await response.Content.ReadFromJsonAsync<IncrementAnswer>(TestContext.Current.CancellationToken))!.Value;
    }

    public Task<HttpResponseMessage> TryIncrementAsync(string name) => SendAsync(HttpMethod.Post, EntryPath(name) + "/increment");

    public async Task DeleteAsync()
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Delete, "/api/session");
        await AssertSucceededAsync(response);
    }

    public async Task RotateAsync()
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, "/api/session/rotate");
        await AssertSucceededAsync(response);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The frontend that answered.</summary>
    public static string ServedBy(HttpResponseMessage response) => response.Headers.GetValues("X-Served-By").Single();

    public void Dispose() => _http.Dispose();

    private static async Task AssertSucceededAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Fail($"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} was answered {(int)response.StatusCode}: {body}");
        }
    }

    private static string EntryPath(string name) => $"/api/session/entries/{Uri.EscapeDataString(name)}";
}
