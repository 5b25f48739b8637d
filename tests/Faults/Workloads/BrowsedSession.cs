using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using OrleansSessions.Faults.Tests.Cluster;
using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>A session that several browsers use through all frontends, each write another entry or value, until one of them logs out.</summary>
internal sealed class BrowsedSession(string name, int seed, Pace pace, HttpDoor door, TimeSpan life) : Subject(name, seed, pace)
{
    private const int Browsers = 3;
    private const string SessionPath = "/api/session";
    private const string RegisterEntry = "r";
    private const string CounterEntry = "n";
    private const string AddedPrefix = "e-";

    private string? _cookie;
    private int _value;

    public override async Task UseAsync(CancellationToken stop)
    {
        while (_cookie is null)
        {
            if (stop.IsCancellationRequested)
            {
                return;
            }

            _cookie = IsReadOnly ? null : await CreateAsync();
            await PauseAsync();
        }

        using var afterwards = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] browsers = [.. Enumerable.Range(0, Browsers).Select(number => BrowseAsync(number, afterwards.Token))];
        await UntilAsync(life, stop);
        if (!stop.IsCancellationRequested)
        {
            await DeleteAsync();

            // The others go on for a moment: what they write now is late.
            await PauseAsync();
            await afterwards.CancelAsync();
        }

        await Task.WhenAll(browsers);
    }

    public override async Task HauntAsync(CancellationToken stop)
    {
        while (_cookie is not null && !stop.IsCancellationRequested)
        {
            await ReadAsync(Frontend(), "ghost");
            await IdleAsync();
        }
    }

    public override async Task FinishAsync()
    {
        if (_cookie is not null)
        {
            foreach (FrontendMember frontend in door.Frontends)
            {
                await ReadAsync(frontend, "end", isFinal: true);
            }
        }
    }

    private static string EntryPath(string name) => $"{SessionPath}/entries/{name}";

    private FrontendMember Frontend()
    {
        IReadOnlyList<FrontendMember> frontends = door.Frontends;
        return frontends[Next(frontends.Count)];
    }

    private string NextValue() => Interlocked.Increment(ref _value).ToString(CultureInfo.InvariantCulture);

    private async Task<string?> CreateAsync()
    {
        string value = NextValue();
        FrontendMember frontend = Frontend();
        long invoked = Stopwatch.GetTimestamp();
        HttpAnswer answer = await door.SendAsync(frontend, HttpMethod.Put, EntryPath(RegisterEntry), cookie: null, value);
        if (!answer.IsSuccess)
        {
            return null;
        }

        History.Add(new Operation
        {
            Action = Action.Write,
            Value = value,
            Invoked = invoked,
            Completed = Stopwatch.GetTimestamp(),
            Seen = Observation.Done,
            Route = $"first > {frontend.Name}",
        });
        return answer.Cookie;
    }

    private async Task BrowseAsync(int number, CancellationToken stop)
    {
        string browser = string.Create(CultureInfo.InvariantCulture, $"browser-{number}");
        while (!stop.IsCancellationRequested)
        {
            await ((IsReadOnly ? 0 : Next(100)) switch
            {
                < 45 => ReadAsync(Frontend(), browser),
                < 70 => WriteAsync(browser),
                < 85 => IncrementAsync(browser),
                _ => AddAsync(browser),
            });
            await PauseAsync();
        }
    }

    private Task ReadAsync(FrontendMember frontend, string browser, bool isFinal = false) =>
        RunAsync(new Operation { Action = Action.Read, Invoked = 0, IsFinal = isFinal }, frontend, browser, HttpMethod.Get, SessionPath, see: See);

    private Task WriteAsync(string browser)
    {
        string value = NextValue();
        return RunAsync(new Operation { Action = Action.Write, Value = value, Invoked = 0 }, Frontend(), browser, HttpMethod.Put, EntryPath(RegisterEntry), value);
    }

    private Task AddAsync(string browser)
    {
        string entry = AddedPrefix + NextValue();
        return RunAsync(new Operation { Action = Action.Add, Value = entry, Invoked = 0 }, Frontend(), browser, HttpMethod.Put, EntryPath(entry), "x");
    }

    private Task IncrementAsync(string browser) => RunAsync(
        new Operation { Action = Action.Increment, Invoked = 0 },
        Frontend(),
        browser,
        HttpMethod.Post,
        EntryPath(CounterEntry) + "/increment",
        see: static json => new Observation { Counter = json.GetProperty("value").GetInt64() });

    private Task DeleteAsync() => RunAsync(new Operation { Action = Action.Delete, Invoked = 0 }, Frontend(), "logout", HttpMethod.Delete, SessionPath);

    private async Task RunAsync(
        Operation operation, FrontendMember frontend, string browser, HttpMethod method, string path, string? body = null, Func<JsonElement, Observation>? see = null)
    {
        long invoked = Stopwatch.GetTimestamp();
        HttpAnswer answer = await door.SendAsync(frontend, method, path, _cookie, body);
        long completed = Stopwatch.GetTimestamp();
        operation = operation with { Invoked = invoked, Route = $"{browser} > {frontend.Name}", Failure = answer.Failure };
        History.Add(Understand(operation, answer, see) is { } seen ? operation with { Seen = seen, Completed = completed } : operation);
    }

    private Observation? Understand(Operation operation, HttpAnswer answer, Func<JsonElement, Observation>? see)
    {
        if (answer.Status == HttpStatusCode.Conflict)
        {
            return Observation.Gone;
        }

        if (!answer.IsSuccess)
        {
            return null;
        }

        // A write whose session has ended begins another one, with a cookie of its own.
        if (answer.Cookie is { } cookie && cookie != _cookie && operation.Action is Action.Write or Action.Add or Action.Increment)
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
}
