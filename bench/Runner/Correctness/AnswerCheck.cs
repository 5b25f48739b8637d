using System.Collections.Concurrent;
using System.Text.Json;
using OrleansSessions.Bench.Runner.Load;

namespace OrleansSessions.Bench.Runner.Correctness;

/// <summary>Check of the answers, with many concurrent visitors who know each expected answer.</summary>
/// <param name="client">A client without automatic cookies.</param>
/// <param name="url">The stack.</param>
/// <param name="signsIn">Whether it can sign users in.</param>
internal sealed class AnswerCheck(HttpClient client, Uri url, bool signsIn)
{
    private const int Visitors = 100;
    private const int Parallelism = 16;
    private const int Visits = 8;
    private const int Entries = 4;

    private readonly ConcurrentQueue<string> _wrong = new();
    private int _answers;

    public int Answers => _answers;

    public IReadOnlyList<string> Wrong => [.. _wrong];

    public async Task RunAsync()
    {
        IReadOnlyList<string> cookies = await SessionPool.CreateAsync(client, url, Visitors, Workload.UsualBytes);
        Expect("different sessions", Visitors, cookies.Distinct().Count());
        await Parallel.ForEachAsync(cookies, new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (cookie, _) => await VisitAsync(cookie));
    }

    private async Task VisitAsync(string cookie)
    {
        (string none, string? noCookie) = await SendAsync(HttpMethod.Get, "/none", cookie: null);
        Expect("/none", "none", none);
        Expect("/none sets a cookie", null, noCookie);

        Dictionary<string, string> entries = Enumerable.Range(0, Entries).ToDictionary(i => $"entry{i}", _ => Filled(0));
        for (int visit = 1; visit <= Visits; visit++)
        {
            Expect("/write", $"{visit}", (await SendAsync(HttpMethod.Post, "/write", cookie)).Answer);
            Expect("/read", $"{visit} {Entries * Workload.UsualBytes}", (await SendAsync(HttpMethod.Get, "/read", cookie)).Answer);
            entries[$"entry{visit % Entries}"] = Filled(visit);
        }

        entries["counter"] = $"{Visits}";
        await ExpectEntriesAsync(entries, cookie);

        (string user, string? rotated) = await SendAsync(HttpMethod.Post, "/login", cookie);
        Expect("/login", "Ada", user);
        entries["user"] = "Ada";
        await ExpectEntriesAsync(entries, rotated ?? cookie);
        if (signsIn)
        {
            (user, string? signedIn) = await SendAsync(HttpMethod.Post, "/signin", rotated);
            Expect("/signin", "Ada", user);
            Expect("/devices", "1", (await SendAsync(HttpMethod.Get, "/devices", signedIn)).Answer);
            await ExpectEntriesAsync(entries, signedIn);
        }
    }

    private async Task ExpectEntriesAsync(Dictionary<string, string> expected, string? cookie)
    {
        string answer = (await SendAsync(HttpMethod.Get, "/entries", cookie)).Answer;
        Dictionary<string, string> actual = [];
        try
        {
            actual = JsonSerializer.Deserialize<Dictionary<string, string>>(answer) ?? [];
        }
        catch (JsonException)
        {
            // The answer is then unequal, and shown unchanged.
        }

        bool equal = actual.Count == expected.Count && expected.All(entry => actual.GetValueOrDefault(entry.Key) == entry.Value);
        Expect("/entries", "the entries as set", equal ? "the entries as set" : answer);
    }

    private async Task<(string Answer, string? Cookie)> SendAsync(HttpMethod method, string path, string? cookie)
    {
        using var request = new HttpRequestMessage(method, new Uri(url, path));
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using HttpResponseMessage response = await client.SendAsync(request);
        string body = await response.Content.ReadAsStringAsync();
        return (response.IsSuccessStatusCode ? body : $"{response.StatusCode}: {body}", SessionPool.SetCookie(response));
    }

    private void Expect<T>(string question, T expected, T actual)
    {
        Interlocked.Increment(ref _answers);
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            _wrong.Enqueue($"{question}: {actual} instead of {expected}");
        }
    }

    private static string Filled(int visit) => $"{visit}".PadRight(Workload.UsualBytes, 'x');
}
