using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OrleansSessions.EndToEnd.Tests.Sessions;

namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>
/// User who sends the next request after the previous response: alternating writes and reads in their own session and in a shared one, with occasional
/// increments.
/// </summary>
internal sealed class LoadClient(int number, LoadOptions options, LoadTarget own, IReadOnlyList<LoadTarget> shared, ConcurrentQueue<RequestRecord> requests)
{
    private readonly ConcurrentQueue<string> _violations = new();

    /// <summary>Reads that returned wrong data.</summary>
    public IEnumerable<string> Violations => _violations;

    public async Task RunAsync(Task stop)
    {
        var choice = new Random(number);
        using var pause = new PeriodicTimer(options.Pause);
        for (int n = 1; n <= options.MaxRequestsPerClient && !stop.IsCompleted; n++)
        {
            LoadTarget target = choice.Next(2) == 0 ? own : shared[choice.Next(shared.Count)];
            await (choice.Next(8) switch
            {
                < 3 => WriteAsync(target, n),
                3 => IncrementAsync(target),
                _ => ReadAsync(target),
            });
            await pause.WaitForNextTickAsync();
        }
    }

    private async Task WriteAsync(LoadTarget target, long n)
    {
        string entry = $"client-{number}-{n % options.EntriesPerClient}";
        target.Ledger.Trying(entry, n);
        if (await RecordAsync(RequestKind.Write, () => target.Browser.TryPutAsync(entry, n.ToString(CultureInfo.InvariantCulture))))
        {
            target.Ledger.Acknowledged(entry, n);
        }
    }

    private async Task IncrementAsync(LoadTarget target)
    {
        target.Ledger.TryingIncrement();
        if (await RecordAsync(RequestKind.Increment, () => target.Browser.TryIncrementAsync(SessionLedger.Counter)))
        {
            target.Ledger.AcknowledgedIncrement();
        }
    }

    private async Task ReadAsync(LoadTarget target)
    {
        LedgerPage atLeast = target.Ledger.Page();
        await RecordAsync(RequestKind.Read, target.Browser.TryGetAsync, async response =>
        {
            foreach (string violation in target.Ledger.Compare(atLeast, await Browser.ReadAsync(response)))
            {
                _violations.Enqueue(violation);
            }
        });
    }

    private async Task<bool> RecordAsync(RequestKind kind, Func<Task<HttpResponseMessage>> send, Func<HttpResponseMessage, Task>? check = null)
    {
        DateTimeOffset started = DateTimeOffset.UtcNow;
        var watch = Stopwatch.StartNew();
        int status = 0;
        bool hasRetryAfter = false;
        string? error = null;
        try
        {
            using HttpResponseMessage response = await send();
            status = (int)response.StatusCode;
            hasRetryAfter = response.Headers.RetryAfter is not null;
            if (!response.IsSuccessStatusCode)
            {
                error = await response.Content.ReadAsStringAsync();
            }
            else if (check is not null)
            {
                await check(response);
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            status = 0;
            error = failure.ToString();
        }

        requests.Enqueue(new RequestRecord(kind, started, watch.Elapsed, status, hasRetryAfter, error));
        return error is null;
    }
}
