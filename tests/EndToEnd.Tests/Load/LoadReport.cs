using System.Globalization;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>What came of a load.</summary>
/// <param name="Requests">Every request, in the order of their ends.</param>
/// <param name="Violations">Acknowledged writes that were lost, and reads that did not show what was acknowledged before.</param>
/// <param name="AcknowledgedWrites">How many writes were acknowledged.</param>
/// <param name="SteadySince">When the load was warm; how long requests took counts from then on.</param>
internal sealed record LoadReport(IReadOnlyList<RequestRecord> Requests, IReadOnlyList<string> Violations, long AcknowledgedWrites, DateTimeOffset SteadySince)
{
    private const int Shown = 10;

    public IReadOnlyList<RequestRecord> Failures => [.. Requests.Where(request => request.Failed)];

    private IEnumerable<RequestRecord> Timed => Requests.Where(request => request.Ended > SteadySince);

    public TimeSpan Slowest => Timed.Max(request => request.Duration);

    public override string ToString()
    {
        TimeSpan[] durations = [.. Timed.Select(request => request.Duration).Order()];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Requests.Count} requests, {AcknowledgedWrites} acknowledged writes, {Failures.Count} failed, {Violations.Count} lost or stale; ") + string.Create(
            CultureInfo.InvariantCulture,
            $"median {durations[durations.Length / 2].TotalMilliseconds:0.0} ms, 99 % {durations[durations.Length * 99 / 100].TotalMilliseconds:0} ms, slowest {Slowest.TotalMilliseconds:0} ms");
    }

    /// <summary>No request failed, nothing acknowledged was lost, and no request took longer than a limit.</summary>
    public void AssertFlawless(TimeSpan slowest)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(ToString());
        AssertNothingLost();
        Assert.True(Failures.Count == 0, $"{this}\n{Some(Failures)}");
        Assert.True(Slowest <= slowest, $"{this}\n{Some(Timed.OrderByDescending(request => request.Duration))}");
    }

    public void AssertNothingLost() => Assert.True(Violations.Count == 0, $"{this}\n{Some(Violations)}");

    private static string Some(IEnumerable<object> things) => string.Join('\n', things.Take(Shown));
}
