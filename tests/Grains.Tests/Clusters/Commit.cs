using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Factory of commits, each with its own operation id.</summary>
internal static class Commit
{
    /// <summary>Commit of a request that loaded no session.</summary>
    public static SessionCommit Of(params SessionChange[] changes) => new() { OperationId = Guid.NewGuid(), Changes = [.. changes] };

    /// <summary>Commit of a request that loaded an incarnation.</summary>
    public static SessionCommit BasedOn(Guid incarnation, params SessionChange[] changes) => Of(changes) with { BasedOn = incarnation };

    /// <summary>Commit that creates a session with its own lifetime.</summary>
    public static SessionCommit Creating(SessionLifetime lifetime, params SessionChange[] changes) => Of(changes) with { NewSession = lifetime };
}
