using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Audit;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Events;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Users;

namespace OrleansSessions.Grains.Tests.Audit;

/// <summary>Events that Redis does not accept: Garnet has no streams.</summary>
public sealed class LostEventTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly RecordedLogs _logs = new();
    private GarnetStore? _store;
    private SessionTestCluster? _cluster;

    private SessionAudit Audit { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await GarnetStore.StartAsync(SessionTestCluster.ServiceId);
        _cluster = await SessionTestCluster.StartAsync(_store, _clock, settings: ("SessionCluster:Audit:Stream", "audit"));
        IServiceProvider silo = _cluster.ServicesOf(_cluster.Silos[0]);
        IOptions<SessionClusterOptions> options = silo.GetRequiredService<IOptions<SessionClusterOptions>>();
        Audit = new SessionAudit(new AuditLog(_logs, options), silo.GetRequiredService<AuditStream>(), silo.GetRequiredService<ILocalSiloDetails>(), options);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster!.DisposeAsync();
        await _store!.DisposeAsync();
    }

    [Fact]
    public async Task Event_ThatIsNotToldAgain_IsWarnedOfWithKindAndKeyAtAPace()
    {
        await RefusedAsync(SignedInAsync("first"));
        await RefusedAsync(Audit.OnRotatedAsync(new SessionRotated("second", Guid.NewGuid(), _clock.GetUtcNow()), CancellationToken.None));
        _clock.Advance(LogPace.Period);
        await RefusedAsync(Audit.OnTokenReusedAsync(new SessionTokenReused("third", Guid.NewGuid(), _clock.GetUtcNow(), EndsSession: true), CancellationToken.None));

        Assert.All(_logs.Lines, static line => Assert.Equal((SessionAuditOptions.LogCategory, 307, LogLevel.Warning), (line.Category, line.Id.Id, line.Level)));
        Assert.Equal(
            [
                "The audit stream lacks an event, which Redis did not accept: SignedIn of session first. Further events lost since the last message: 0.",
                "The audit stream lacks an event, which Redis did not accept: Reused of session third. Further events lost since the last message: 1.",
            ],
            _logs.Lines.Select(static line => line.Text));
    }

    [Fact]
    public async Task Event_ThatIsToldAgain_IsNotLost()
    {
        await RefusedAsync(Audit.OnTokenReusedAsync(new SessionTokenReused("first", Guid.NewGuid(), _clock.GetUtcNow(), EndsSession: false), CancellationToken.None));

        Assert.Empty(_logs.Lines);
    }

    private ValueTask SignedInAsync(string key) => Audit.OnSignedInAsync(
        new SessionSignedIn(
            key,
            Guid.NewGuid(),
            new SessionIdentity { User = UserFrontend.NewUser(), SignedInAt = _clock.GetUtcNow(), AuthenticatedAt = _clock.GetUtcNow() },
            _clock.GetUtcNow()),
        CancellationToken.None);

    private static Task RefusedAsync(ValueTask told) => Assert.ThrowsAsync<SessionUnavailableException>(told.AsTask);
}
