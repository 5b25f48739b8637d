namespace OrleansSessions.Bench.Runner.Load;

/// <summary>Pool of sessions created through the stack itself; their cookies are in files for wrk.</summary>
internal sealed class SessionPool : IDisposable
{
    private const int Parallelism = 32;

    private readonly HttpClient _client = CookielessClient();
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<(SessionChoice Sessions, int EntryBytes), string> _files = [];
    private readonly Uri _url;
    private readonly int _size;

    public SessionPool(Uri url, int size)
    {
        _url = url;
        _size = size;
    }

    /// <summary>Creates a client without automatic cookies.</summary>
    public static HttpClient CookielessClient() =>
        new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Returns the file with the cookies for a workload; null if it needs none.</summary>
    public async Task<string?> GetAsync(Workload workload)
    {
        if (workload.Sessions == SessionChoice.None)
        {
            return null;
        }

        (SessionChoice, int) kind = (workload.Sessions, workload.EntryBytes);
        if (workload.Sessions == SessionChoice.Fresh || !_files.TryGetValue(kind, out string? file))
        {
            int count = workload.Sessions switch
            {
                SessionChoice.One => 1,
                SessionChoice.Fresh => 2 * workload.Connections,
                _ => _size,
            };
            file = _folder.File($"{workload.Sessions}-{workload.EntryBytes}");
            await File.WriteAllLinesAsync(file, await CreateAsync(_client, _url, count, workload.EntryBytes));
            _files[kind] = file;
        }

        return file;
    }

    /// <summary>Creates sessions.</summary>
    /// <returns>Their cookies, in the form of a request header.</returns>
    public static async Task<IReadOnlyList<string>> CreateAsync(HttpClient client, Uri url, int count, int entryBytes)
    {
        string[] cookies = new string[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (i, cancellationToken) =>
        {
            using HttpResponseMessage response = await client.PostAsync(new Uri(url, $"/create?bytes={entryBytes}"), content: null, cancellationToken);
            response.EnsureSuccessStatusCode();
            cookies[i] = SetCookie(response) ?? throw new InvalidOperationException($"{url} created a session but set no cookie.");
        });
        return cookies;
    }

    /// <summary>The cookie that a response sets, without its attributes; null if none.</summary>
    public static string? SetCookie(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? values) ? values.Last().Split(';')[0] : null;

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }
}
