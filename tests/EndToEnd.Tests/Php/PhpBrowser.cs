using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Visitor of a PHP site with their own cookies.</summary>
internal sealed class PhpBrowser : IDisposable
{
    public const string CookieName = "PHPSESSID";

    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http;
    private readonly Uri _site;

    public PhpBrowser(PhpSite site)
        : this(site.Url)
    {
    }

    public PhpBrowser(Uri site)
    {
        _site = site;
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = _cookies }) { BaseAddress = site, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>The id of the session in the cookie; null while there is none.</summary>
    public string? SessionId
    {
        get => _cookies.GetCookies(_site)[CookieName]?.Value;
        set => _cookies.Add(new Cookie(CookieName, value, "/", _site.Host));
    }

    /// <summary>Another browser with the same session.</summary>
    public PhpBrowser Clone() => new(_site) { SessionId = SessionId };

    public Task<PhpAnswer> ReadAsync() => AskAsync("read");

    public Task<PhpAnswer> SetAsync(string name, string value) => AskAsync("set", $"&name={name}&value={Uri.EscapeDataString(value)}");

    public Task<PhpAnswer> SetJsonAsync(string name, string json) =>
        AskAsync("set-json", $"&name={name}", new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<PhpAnswer> IncrementAsync(string name) => AskAsync("increment", $"&name={name}");

    public Task<PhpAnswer> UnsetAsync(string name) => AskAsync("unset", $"&name={name}");

    public Task<PhpAnswer> RegenerateAsync(bool delete) => AskAsync("regenerate", $"&delete={(delete ? 1 : 0)}");

    public Task<PhpAnswer> DestroyAsync() => AskAsync("destroy");

    /// <summary>Runs an action of the test's script; it must succeed.</summary>
    public async Task<PhpAnswer> AskAsync(string action, string arguments = "", HttpContent? body = null)
    {
        using HttpResponseMessage response = await TryAskAsync(action, arguments, body);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return Parse(response, text) ?? throw new InvalidDataException($"{action} was answered {(int)response.StatusCode}: {text}");
    }

    /// <summary>Runs an action of the test's script.</summary>
    public async Task<HttpResponseMessage> TryAskAsync(string action, string arguments = "", HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, $"/session.php?do={action}{arguments}") { Content = body };
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Runs an action of the test's script; null if it failed.</summary>
    public async Task<PhpAnswer?> TryAskForAnswerAsync(string action, string arguments = "")
    {
        using HttpResponseMessage response = await TryAskAsync(action, arguments);
        return Parse(response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Opens a page.</summary>
    public Task<string> OpenAsync(string path) => _http.GetStringAsync(path, TestContext.Current.CancellationToken);

    /// <summary>Submits a form and follows the redirect.</summary>
    public async Task<string> SubmitAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using HttpResponseMessage response = await _http.PostAsync(path, form, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static PhpAnswer? Parse(HttpResponseMessage response, string text)
    {
        try
        {
            return response.IsSuccessStatusCode
                ? JsonSerializer.Deserialize<PhpAnswer>(text, JsonSerializerOptions.Web)! with { Server = response.Headers.GetValues("X-Served-By").Single() }
                : null;
        }
        catch (JsonException)
        {
            // PHP prints errors instead of the result, or after it.
            return null;
        }
    }
}
