using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Tests.Cluster;

/// <summary>Cluster whose endpoints know the secret of the users' keys.</summary>
public sealed class UserCluster : IAsyncLifetime
{
    private const string Namespace = "shop";

    private static readonly byte[] Secret = [.. Enumerable.Range(0, UserKey.MinSecretBytes).Select(static i => (byte)i)];

    private readonly RespCluster _cluster = new();

    public UserCluster()
    {
        _cluster.Settings["Resp:UserKeySecret"] = Convert.ToBase64String(Secret);
        _cluster.Settings["Resp:UserNamespace"] = Namespace;
        _cluster.Settings["SessionCluster:MaxSessionsPerUser"] = "3";
        _cluster.Settings["SessionCluster:WhenTooManySessions"] = "RefuseNew";
    }

    internal IReadOnlyList<string> Endpoints => _cluster.Endpoints;

    /// <inheritdoc cref="RespCluster.Sessions"/>
    internal SessionClient Sessions => _cluster.Sessions;

    /// <summary>The list of a user's sessions, as a frontend sees it.</summary>
    internal IUserSessionsGrain SessionsOf(string userId) => _cluster.Grains.GetGrain<IUserSessionsGrain>(KeyOf(userId));

    /// <summary>A user's key.</summary>
    internal static string KeyOf(string userId) => UserKey.For(Secret, Namespace, userId).Value;

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
