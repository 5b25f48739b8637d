using System.Globalization;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>Result of a load.</summary>
/// <param name="Requests">All requests, in order of completion.</param>
/// <param name="Violations">Acknowledged writes that were lost, and reads that missed acknowledged data.</param>
/// <param name="AcknowledgedWrites">The number of acknowledged writes.</param>
/// <param name="SteadySince">The end of the warm-up; durations count from then on.</param>
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
            $"median {durations[durations.Length / 2].TotalMilliseconds:0.0} ms, 99 % {durations[durations.Length * 99 / 100].TotalMilliseconds:0} ms, "
            + $"slowest {Slowest.TotalMilliseconds:0} ms");
    }

    /// <summary>Asserts that no request failed and nothing acknowledged was lost. A request fails after the I/O timeout.</summary>
    public void AssertFlawless()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(ToString());
        AssertNothingLost();
        Assert.True(Failures.Count == 0, $"{this}\n{Some(Failures)}");
    }

    public void AssertNothingLost() => Assert.True(Violations.Count == 0, $"{this}\n{Some(Violations)}");

    private static string Some(IEnumerable<object> things) => string.Join('\n', things.Take(Shown));
}
