using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using OrleansSessions.Faults.Tests.Cluster;
using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>Session used through frontends: its requests, and the meaning of the responses.</summary>
internal abstract class HttpSession(string name, int seed, Pace pace, HttpDoor door) : Subject(name, seed, pace)
{
    private const string SessionPath = "/api/session";
    private const string RegisterEntry = "r";
    private const string CounterEntry = "n";
    private const string AddedPrefix = "e-";

    private int _value;

    /// <summary>The session's cookie; null: no session yet.</summary>
    protected string? Cookie { get; set; }

    public override async Task FinishAsync()
    {
        if (Cookie is not null)
        {
            foreach (FrontendMember frontend in door.Frontends)
            {
                await ReadAsync(frontend, "end", isFinal: true);
            }
        }
    }

    /// <summary>Returns a frontend that a balancer might choose.</summary>
    protected FrontendMember Frontend()
    {
        IReadOnlyList<FrontendMember> frontends = door.Frontends;
        return frontends[Next(frontends.Count)];
    }

    /// <summary>Creates the session; if the first response is lost, the session is never used again.</summary>
    /// <returns>Whether the session exists now.</returns>
    protected async Task<bool> CreateAsync(CancellationToken stop)
    {
        while (Cookie is null && !stop.IsCancellationRequested)
        {
            if (!IsReadOnly)
            {
                string value = NextValue();
                FrontendMember frontend = Frontend();
                long invoked = Stopwatch.GetTimestamp();
                HttpAnswer answer = await door.SendAsync(frontend, HttpMethod.Put, EntryPath(RegisterEntry), cookie: null, value);
                if (answer.IsSuccess)
                {
                    Cookie = answer.Cookie;
                    History.Add(new Operation
                    {
                        Action = Action.Write,
                        Value = value,
                        Invoked = invoked,
                        Completed = Stopwatch.GetTimestamp(),
                        Seen = Observation.Done,
                        Route = $"first > {frontend.Name}",
                    });
                }
            }

            await PauseAsync();
        }

        return Cookie is not null;
    }

    protected Task<HttpAnswer> ReadAsync(FrontendMember frontend, string browser, bool isFinal = false) =>
        RunAsync(new Operation { Action = Action.Read, Invoked = 0, IsFinal = isFinal }, frontend, browser, HttpMethod.Get, SessionPath, see: See);

    protected Task<HttpAnswer> ReadInGraceAsync(string cookie, string browser) =>
        RunAsync(new Operation { Action = Action.ReadInGrace, Invoked = 0 }, Frontend(), browser, HttpMethod.Get, SessionPath, see: See, cookie: cookie);

    protected Task<HttpAnswer> ReadWithOldCookieAsync(string cookie, string browser) =>
        RunAsync(new Operation { Action = Action.ReadWithOldCookie, Invoked = 0 }, Frontend(), browser, HttpMethod.Get, SessionPath, see: See, cookie: cookie);

    protected Task<HttpAnswer> WriteAsync(string browser)
    {
        string value = NextValue();
        return RunAsync(new Operation { Action = Action.Write, Value = value, Invoked = 0 }, Frontend(), browser, HttpMethod.Put, EntryPath(RegisterEntry), value);
    }

    protected Task<HttpAnswer> AddAsync(string browser)
    {
        string entry = AddedPrefix + NextValue();
        return RunAsync(new Operation { Action = Action.Add, Value = entry, Invoked = 0 }, Frontend(), browser, HttpMethod.Put, EntryPath(entry), "x");
    }

    protected Task<HttpAnswer> IncrementAsync(string browser) => RunAsync(
        new Operation { Action = Action.Increment, Invoked = 0 },
        Frontend(),
        browser,
        HttpMethod.Post,
        EntryPath(CounterEntry) + "/increment",
        see: static json => new Observation { Counter = json.GetProperty("value").GetInt64() });

    protected Task<HttpAnswer> DeleteAsync() => RunAsync(new Operation { Action = Action.Delete, Invoked = 0 }, Frontend(), "logout", HttpMethod.Delete, SessionPath);

    protected Task<HttpAnswer> RotateAsync(string browser) =>
        RunAsync(new Operation { Action = Action.Rotate, Invoked = 0 }, Frontend(), browser, HttpMethod.Post, SessionPath + "/rotate");

    private static string EntryPath(string name) => $"{SessionPath}/entries/{name}";

    private static Observation See(JsonElement session)
    {
        if (session.GetProperty("id").ValueKind == JsonValueKind.Null)
        {
            return Observation.Gone;
        }

        Dictionary<string, string?> entries = session.GetProperty("entries").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString());
        return new Observation
        {
            Register = entries.GetValueOrDefault(RegisterEntry) ?? "nothing",
            Counter = entries.GetValueOrDefault(CounterEntry) is { } sum ? long.Parse(sum, CultureInfo.InvariantCulture) : 0,
            Entries = entries.Keys.Where(entry => entry.StartsWith(AddedPrefix, StringComparison.Ordinal)).ToHashSet(),
        };
    }

    private string NextValue() => Interlocked.Increment(ref _value).ToString(CultureInfo.InvariantCulture);

    private async Task<HttpAnswer> RunAsync(
        Operation operation,
        FrontendMember frontend,
        string browser,
        HttpMethod method,
        string path,
        string? body = null,
        Func<JsonElement, Observation>? see = null,
        string? cookie = null)
    {
        cookie ??= Cookie;
        long invoked = Stopwatch.GetTimestamp();
        HttpAnswer answer = await door.SendAsync(frontend, method, path, cookie, body);
        long completed = Stopwatch.GetTimestamp();
        operation = operation with { Invoked = invoked, Route = $"{browser} > {frontend.Name}", Failure = answer.Failure };
        History.Add(Understand(operation, answer, cookie, see) is { } seen ? operation with { Seen = seen, Completed = completed } : operation);
        return answer;
    }

    private static Observation? Understand(Operation operation, HttpAnswer answer, string? cookie, Func<JsonElement, Observation>? see)
    {
        if (answer.Status == HttpStatusCode.Conflict)
        {
            return Observation.Gone;
        }

        if (!answer.IsSuccess)
        {
            return null;
        }

        // A write to an ended session creates another one, with its own cookie.
        if (answer.Cookie is not null && answer.Cookie != cookie && operation.Action is Action.Write or Action.Add or Action.Increment)
        {
            return Observation.Gone;
        }

        if (see is null)
        {
            return Observation.Done;
        }

        using JsonDocument json = JsonDocument.Parse(answer.Body);
        return see(json.RootElement);
    }
}
