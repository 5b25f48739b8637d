using Microsoft.Net.Http.Headers;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Applications;

/// <summary>HTTP client with its own cookies. It exposes raw headers, follows no redirects, and accepts Secure cookies like a browser on localhost.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient _http;
    private readonly Dictionary<string, string> _cookies;

    public Browser(Uri server, HttpMessageHandler handler)
        : this(new HttpClient(handler) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(30) }, [])
    {
    }

    private Browser(HttpClient http, Dictionary<string, string> cookies)
    {
        _http = http;
        _cookies = cookies;
    }

    /// <summary>The session cookie's name.</summary>
    public string CookieName { get; set; } = "__Host-session";

    /// <summary>The secret in the session's cookie; null while there is none.</summary>
    public string? Token
    {
        get => _cookies.GetValueOrDefault(CookieName);
        set
        {
            _cookies.Remove(CookieName);
            if (value is not null)
            {
                _cookies[CookieName] = value;
            }
        }
    }

    /// <summary>Deletes a cookie, as a browser does when it has expired there.</summary>
    public void Forget(string cookie) => Assert.True(_cookies.Remove(cookie));

    /// <summary>Another tab or device with a copy of the current cookies.</summary>
    public Browser Clone() => new(_http, new Dictionary<string, string>(_cookies)) { CookieName = CookieName };

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<HttpResponseMessage> PostAsync(string path, HttpContent? content = null) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = content });

    /// <summary>The body of a GET that must succeed.</summary>
    public async Task<string> GetTextAsync(string path)
    {
        using HttpResponseMessage response = await GetAsync(path);
        string text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text : throw new HttpRequestException($"{path} answered {(int)response.StatusCode}: {text}");
    }

    /// <summary>Sends a POST and stops waiting for the response when the token is cancelled.</summary>
    public Task<HttpResponseMessage> PostAndLeaveAsync(string path, CancellationToken leave) => ExchangeAsync(new HttpRequestMessage(HttpMethod.Post, path), leave);

    /// <summary>Sends a request and returns when the response headers are there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => ExchangeAsync(request, TestContext.Current.CancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> ExchangeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_cookies.Count > 0)
        {
            request.Headers.Add(HeaderNames.Cookie, string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        foreach (SetCookieHeaderValue cookie in response.SetCookies())
        {
            _cookies.Remove(cookie.Name.ToString());
            if (!(cookie.MaxAge is { } age ? age <= TimeSpan.Zero : cookie.Expires < DateTimeOffset.UtcNow))
            {
                _cookies[cookie.Name.ToString()] = cookie.Value.ToString();
            }
        }

        return response;
    }
}
