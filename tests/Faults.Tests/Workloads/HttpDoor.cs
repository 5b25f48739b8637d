using System.Diagnostics;
using OrleansSessions.Faults.Tests.Cluster;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>HTTP client of the frontends that records its requests.</summary>
internal sealed class HttpDoor(IReadOnlyList<FrontendMember> frontends, RequestLog log) : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10) })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>The frontends that a balancer would choose from.</summary>
    public IReadOnlyList<FrontendMember> Frontends => [.. frontends.Where(frontend => frontend.IsInService)];

    public async Task<HttpAnswer> SendAsync(FrontendMember frontend, HttpMethod method, string path, string? cookie, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(frontend.Url, path)) { Content = body is null ? null : new StringContent(body) };
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        long started = Stopwatch.GetTimestamp();
        long number = log.Begin(started);
        HttpAnswer answer = await SendAsync(request);
        bool isAnswered = answer.IsSuccess || answer.Status == System.Net.HttpStatusCode.Conflict;
        log.End(number, new Request($"{frontend.Name} {method} {path}", started, Stopwatch.GetTimestamp(), isAnswered ? null : $"{answer.Failure} {answer.Detail}"));
        return answer;
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpAnswer> SendAsync(HttpRequestMessage request)
    {
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request);
            return new HttpAnswer
            {
                Status = response.StatusCode,
                Body = await response.Content.ReadAsStringAsync(),
                Cookie = response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies)
                    ? cookies.Select(cookie => cookie.Split(';')[0]).FirstOrDefault(cookie => cookie.Contains("session", StringComparison.Ordinal))
                    : null,
            };
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            return new HttpAnswer { Error = failure.GetType().Name };
        }
    }
}
