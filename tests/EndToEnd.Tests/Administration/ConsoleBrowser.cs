using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Administration;

/// <summary>An administrator's browser without scripts. It sends every cookie it got, Secure ones over HTTP too.</summary>
internal sealed partial class ConsoleBrowser : IDisposable
{
    private readonly HttpClient _http;
    private readonly Dictionary<string, string> _cookies;

    /// <summary>Creates a browser without cookies.</summary>
    public ConsoleBrowser(Uri frontend)
        : this(frontend, [])
    {
    }

    private ConsoleBrowser(Uri frontend, Dictionary<string, string> cookies)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = frontend };
        _cookies = cookies;
    }

    /// <summary>The last <c>Set-Cookie</c> of the console.</summary>
    public string SetCookie { get; private set; } = "";

    /// <summary>Another browser with copies of the cookies, on this frontend or another.</summary>
    public ConsoleBrowser Clone(Uri frontend) => new(frontend, new Dictionary<string, string>(_cookies));

    /// <summary>The status of the overview: 200 for an administrator, or a redirection to the sign-in.</summary>
    public async Task<HttpStatusCode> OpenAsync()
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, "/console");
        return response.StatusCode;
    }

    public Task SignInAsync(string key) => PostAsync("/console/sign-in", "/console/sign-in", new() { ["Key"] = key });

    public Task SignOutAsync() => PostAsync("/console", "/console/sign-out", []);

    public void Dispose() => _http.Dispose();

    private async Task PostAsync(string formPage, string action, Dictionary<string, string> fields)
    {
        using HttpResponseMessage form = await SendAsync(HttpMethod.Get, formPage);
        string page = await form.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        fields["__RequestVerificationToken"] = FormToken().Match(page).Groups["token"].Value;
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, action, new FormUrlEncodedContent(fields));
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", _cookies.Select(static cookie => $"{cookie.Key}={cookie.Value}")));
        HttpResponseMessage response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        foreach (string set in response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? values) ? values : [])
        {
            string[] cookie = set.Split(';')[0].Split('=', 2);
            _cookies[cookie[0]] = cookie[1];
            SetCookie = cookie[0].Contains("console", StringComparison.Ordinal) ? set : SetCookie;
        }

        return response;
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"")]
    private static partial Regex FormToken();
}
