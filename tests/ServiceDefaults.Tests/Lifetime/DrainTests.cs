using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.ServiceDefaults.Health;
using OrleansSessions.ServiceDefaults.Lifetime;

namespace OrleansSessions.ServiceDefaults.Tests.Lifetime;

public sealed class DrainTests : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(20);

    private readonly FakeLifetime _application = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Begin_StartedProcess_IsNotReadyAndServesUntilTheDelayEnds()
    {
        _application.Start();
        using Drain drain = NewDrain(Delay);
        Assert.Equal(HealthStatus.Healthy, await ReadinessAsync(drain));

        drain.Begin();
        _time.Advance(Delay - TimeSpan.FromMilliseconds(1));

        Assert.Equal(HealthStatus.Unhealthy, await ReadinessAsync(drain));
        Assert.False(_application.IsStopping);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_application.IsStopping);
    }

    [Fact]
    public void Begin_Repeated_DoesNotRestartTheDelay()
    {
        _application.Start();
        using Drain drain = NewDrain(Delay);
        drain.Begin();
        _time.Advance(Delay / 2);

        drain.Begin();
        _time.Advance(Delay / 2);

        Assert.True(_application.IsStopping);
    }

    [Fact]
    public void SecondSignal_DuringTheDelay_StopsAtOnce()
    {
        _application.Start();
        using Drain drain = NewDrain(Delay);

        drain.BeginOrForce();
        Assert.False(_application.IsStopping);

        drain.BeginOrForce();
        Assert.True(_application.IsStopping);
    }

    [Fact]
    public void Begin_BeforeTheStart_StopsAtOnce()
    {
        using Drain drain = NewDrain(Delay);

        drain.Begin();

        Assert.True(_application.IsStopping);
    }

    [Fact]
    public void Begin_WithoutADelay_StopsAtOnce()
    {
        _application.Start();
        using Drain drain = NewDrain(TimeSpan.Zero);

        drain.Begin();

        Assert.True(_application.IsStopping);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(600, true)]
    [InlineData(601, false)]
    [InlineData(-1, false)]
    public void DrainDelay_OutOfRange_IsRefusedByName(int seconds, bool valid)
    {
        ValidateOptionsResult result = new ShutdownOptionsValidator().Validate(null, new ShutdownOptions { DrainDelay = TimeSpan.FromSeconds(seconds) });

        Assert.Equal(valid, result.Succeeded);
        Assert.Equal(valid, result.FailureMessage?.StartsWith($"Shutdown:DrainDelay is '{TimeSpan.FromSeconds(seconds)}'", StringComparison.Ordinal) is null);
    }

    public void Dispose() => _application.Dispose();

    private static async Task<HealthStatus> ReadinessAsync(Drain drain) =>
        (await new DrainHealthCheck(drain).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status;

    private Drain NewDrain(TimeSpan delay) => new(_application, Options.Create(new ShutdownOptions { DrainDelay = delay }), _time, NullLogger<Drain>.Instance);
}
