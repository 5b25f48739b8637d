using System.Globalization;
using System.Text.Json;
using OrleansSessions.Bench.Runner.Load;

namespace OrleansSessions.Bench.Runner.Correctness;

/// <summary>Count of acknowledged changes that are lost when many requests change one session in parallel.</summary>
internal sealed class LostUpdates(HttpClient client, Uri url)
{
    public const int Increments = 1_000;
    public const int Entries = 500;

    private const int Parallelism = 50;

    public async Task<int> CountIncrementsAsync()
    {
        string cookie = await ChangeAsync(Increments, _ => "/add");
        string summary = await GetAsync("/read", cookie);
        return Increments - int.Parse(summary.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    public async Task<int> CountEntriesAsync()
    {
        string cookie = await ChangeAsync(Entries, i => $"/distinct?n={i}");
        Dictionary<string, string> entries = JsonSerializer.Deserialize<Dictionary<string, string>>(await GetAsync("/entries", cookie)) ?? [];
        return Entries - Enumerable.Range(0, Entries).Count(i => entries.ContainsKey($"d{i}"));
    }

    private async Task<string> ChangeAsync(int count, Func<int, string> path)
    {
        string cookie = (await SessionPool.CreateAsync(client, url, count: 1, entryBytes: 1))[0];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (i, cancellationToken) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url, path(i)));
            request.Headers.Add("Cookie", cookie);
            using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
        });
        return cookie;
    }

    private async Task<string> GetAsync(string path, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(url, path));
        request.Headers.Add("Cookie", cookie);
        using HttpResponseMessage response = await client.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }
}
