using System.Globalization;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>Session used by several browsers through all frontends, until one of them logs out.</summary>
internal sealed class BrowsedSession(string name, int seed, Pace pace, HttpDoor door, TimeSpan life) : HttpSession(name, seed, pace, door)
{
    private const int Browsers = 3;

    public override async Task UseAsync(CancellationToken stop)
    {
        if (!await CreateAsync(stop))
        {
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] browsers = [.. Enumerable.Range(0, Browsers).Select(number => BrowseAsync(number, end.Token))];
        await UntilAsync(life, stop);
        if (!stop.IsCancellationRequested)
        {
            await DeleteAsync();

            // The others continue for a moment: their writes are late.
            await PauseAsync();
        }

        await end.CancelAsync();
        await Task.WhenAll(browsers);
    }

    public override async Task HauntAsync(CancellationToken stop)
    {
        while (Cookie is not null && !stop.IsCancellationRequested)
        {
            await ReadAsync(Frontend(), "ghost");
            await IdleAsync();
        }
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
}
