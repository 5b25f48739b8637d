using OrleansSessions.Bench.Runner.Reports;

namespace OrleansSessions.Bench.Runner.Growth;

/// <summary>Measurement of one number of sessions, from an empty Redis to the end of the last session.</summary>
/// <param name="sessions">The number of sessions.</param>
/// <param name="reminders">The number of reminders to compare with.</param>
internal sealed class GrowthRun(int sessions, int reminders)
{
    /// <summary>Idle timeout: longer than all measurements before the end, shorter than the foreground's 20 minutes.</summary>
    private const int IdleSeconds = 16 * 60;
    private const int AdvanceSeconds = 17 * 60;

    /// <summary>Created first, so that compiled code, connections and tables exist before the measurement.</summary>
    private const int WarmUpSessions = 2_000;

    /// <summary>Time limits, in seconds, that bound the whole run.</summary>
    private const int SweepLimit = 240;
    private const int RegisterLimit = 75;
    private const int FireLimit = 75;

    public async Task<GrowthResult> RunAsync()
    {
        Say($"{sessions} sessions");
        var result = new GrowthResult(sessions) { PlainRedisBytes = await PlainHashes.MeasureAsync(sessions) };
        Say($"  plain hashes: {result.PlainRedisBytes:F0} bytes");
        await using (GrowthStore store = await GrowthStore.StartAsync($"growth-{sessions}"))
        {
            result = await FillAsync(store, result);
            result = await ActivateAsync(store, result);
            result = result with { Swept = await SweepAsync(store) };
        }

        if (reminders > 0)
        {
            await using GrowthStore store = await GrowthStore.StartAsync($"growth-reminders-{sessions}");
            result = result with { Reminded = await RemindAsync(store) };
        }

        return result;
    }

    private async Task<GrowthResult> FillAsync(GrowthStore store, GrowthResult result)
    {
        await store.StartSiloAsync();
        await store.TellAsync($"/fill?from={sessions}&count={WarmUpSessions}&idleSeconds={IdleSeconds}");
        (double heap, long resident, long redis) = (await store.TellAsync($"/collect"), store.SiloResidentBytes, await store.UsedBytesAsync());
        double seconds = await store.TellAsync($"/fill?from=0&count={sessions}&idleSeconds={IdleSeconds}");
        result = result with
        {
            CreationRate = sessions / seconds,
            RedisBytes = (double)(await store.UsedBytesAsync() - redis) / sessions,
            CreatedHeapBytes = (await store.TellAsync($"/collect") - heap) / sessions,
            CreatedResidentBytes = (double)(store.SiloResidentBytes - resident) / sessions,
        };
        Say($"  created at {result.CreationRate:F0}/s: {result.CreatedHeapBytes:F0} bytes of heap ({result.CreatedResidentBytes:F0} resident)");
        Say($"  {result.RedisBytes:F0} bytes in Redis");
        return result;
    }

    private async Task<GrowthResult> ActivateAsync(GrowthStore store, GrowthResult result)
    {
        double start = await store.StartSiloAsync();
        await store.TellAsync($"/load?from={sessions}&count={WarmUpSessions}");
        (double heap, long resident) = (await store.TellAsync($"/collect"), store.SiloResidentBytes);
        double seconds = await store.TellAsync($"/load?from=0&count={sessions}");
        result = result with
        {
            StartSeconds = start,
            ActivationRate = sessions / seconds,
            LoadedHeapBytes = (await store.TellAsync($"/collect") - heap) / sessions,
            LoadedResidentBytes = (double)(store.SiloResidentBytes - resident) / sessions,
        };
        Say($"  ready after {start:F1} s; read back at {result.ActivationRate:F0}/s: {result.LoadedHeapBytes:F0} bytes of heap ({result.LoadedResidentBytes:F0} resident)");
        return result;
    }

    private async Task<Expiry> SweepAsync(GrowthStore store)
    {
        await store.StartSiloAsync();
        using var foreground = new Foreground(await store.StartFrontendAsync());
        Spread? before = await foreground.BeforeAsync();
        long full = await store.CountKeysAsync();
        int due = sessions + WarmUpSessions;
        await store.AdvanceAsync(AdvanceSeconds);
        var countdown = new Countdown(async () => full - await store.CountKeysAsync(), due, TimeSpan.FromSeconds(SweepLimit));
        Spread? during = await foreground.DuringAsync(countdown);
        var expiry = new Expiry(due, countdown.Ended, countdown.Seconds, before, during, foreground.Errors);
        Say($"  swept at {expiry.Rate:F0}/s ({expiry.Outcome}); p99 {before?.Median:F1} ms, then {during?.Median:F1} ms");
        return expiry;
    }

    private async Task<Expiry> RemindAsync(GrowthStore store)
    {
        int due = Math.Min(sessions, reminders);
        await store.StartSiloAsync();
        using var foreground = new Foreground(await store.StartFrontendAsync());
        Spread? before = await foreground.BeforeAsync();
        long registered = 0;
        try
        {
            // All are due after the last one is registered, whatever their number.
            int inSeconds = Math.Min(RegisterLimit, 10 + (due / 1_000));
            registered = (long)await store.TellAsync($"/remind?count={due}&dueSeconds={inSeconds}&limitSeconds={RegisterLimit}");
            var countdown = new Countdown(store.CountFiredAsync, registered, TimeSpan.FromSeconds(inSeconds + FireLimit));
            Spread? during = await foreground.DuringAsync(countdown);
            long ended = countdown.Ended;
            var expiry = new Expiry(due, ended, countdown.Seconds, before, during, foreground.Errors)
            {
                Failure = ended < registered ? $"cut by time: {registered} registered, {ended} fired" : registered < due ? $"cut by time: {registered} registered" : null,
            };
            Say($"  reminders fired at {expiry.Rate:F0}/s ({expiry.Outcome}); p99 {before?.Median:F1} ms, then {during?.Median:F1} ms");
            return expiry;
        }
        catch (HttpRequestException exception)
        {
            Say($"  reminders failed: {exception.Message}");
            return new Expiry(due, 0, 0, before, null, foreground.Errors)
            {
                Failure = store.SiloHasExited ? "failed: the silo has ended" : $"failed while {due} were registered",
            };
        }
    }

    private static void Say(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));
}
