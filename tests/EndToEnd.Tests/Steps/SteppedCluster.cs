using System.Globalization;
using System.Net;
using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <summary>Redis, two frontends, and two silos behind relays. A silo that was killed at the fault point is started again.</summary>
public abstract class SteppedCluster(KillMoment moment) : IAsyncLifetime
{
    /// <summary>The key of the audit trail.</summary>
    internal const string AuditStream = "orleans-sessions/audit";

    /// <summary>Limit of sessions of one user.</summary>
    internal const int MaxSessions = 4;

    internal static readonly TimeSpan RotationGrace = TimeSpan.FromSeconds(20);

    private readonly byte[] _userSecret = new byte[32];
    private readonly FaultPoint _point = new(moment);
    private readonly List<MemberProcess> _frontends = [];
    private readonly List<SiloRelay> _silos = [];
    private RedisProcess? _redis;
    private StoredUsers? _store;

    internal FaultPoint Point => _point;

    internal StoredUsers Store => _store ?? throw new InvalidOperationException("The cluster is not started.");

    /// <summary>The addresses of the frontends.</summary>
    internal IReadOnlyList<Uri> Frontends => [.. _frontends.Select(static frontend => frontend.Url)];

    public async ValueTask InitializeAsync()
    {
        if (!Tools.Has(Tools.RedisServer))
        {
            return;
        }

        _redis = await RedisProcess.StartAsync();
        _store = await StoredUsers.OpenAsync(_redis.Address, _userSecret);
        Dictionary<string, string> settings = new()
        {
            ["SessionCluster__Audit__Stream"] = AuditStream,
            ["SessionCluster__MaxSessionsPerUser"] = MaxSessions.ToString(CultureInfo.InvariantCulture),

            // No sweep of what earlier cases have left, which would be counted with the writes of later ones.
            ["SessionCluster__TombstoneGrace"] = "01:00:00",
        };
        _silos.AddRange(Enumerable.Range(1, 2).Select(number => new SiloRelay($"silo-{number}", _redis.Port, _point, settings)));
        _silos.ForEach(static silo => silo.Start());
        await ReadyAsync();
        _frontends.AddRange(Enumerable.Range(1, 2).Select(number => MemberProcess.StartFrontend(_redis.Address, new Dictionary<string, string>
        {
            ["Frontend__Name"] = $"web-{number}",

            // A busy machine needs longer to find out that a silo is dead.
            ["Sessions__IOTimeout"] = "00:00:20",
            ["Sessions__RotationGrace"] = RotationGrace.ToString("c", CultureInfo.InvariantCulture),
            ["Sessions__UserKeySecret"] = Convert.ToBase64String(_userSecret),
        })));
        await Task.WhenAll(_frontends.Select(static frontend => frontend.UntilAsync("/healthz/ready", HttpStatusCode.OK)));
    }

    /// <summary>Waits until both silos are ready.</summary>
    internal Task ReadyAsync() => Task.WhenAll(_silos.Select(static silo => silo.ReadyAsync()));

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (IAsyncDisposable member in (IEnumerable<IAsyncDisposable>)[.. _frontends, .. _silos])
        {
            await member.DisposeAsync();
        }

        if (_redis is not null)
        {
            await Store.DisposeAsync();
            await _redis.DisposeAsync();
        }
    }
}
