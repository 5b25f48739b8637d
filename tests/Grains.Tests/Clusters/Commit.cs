using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>Makes commits, each with an operation id of its own.</summary>
internal static class Commit
{
    /// <summary>What a request that loaded no session commits.</summary>
    public static SessionCommit Of(params SessionChange[] changes) => new() { OperationId = Guid.NewGuid(), Changes = [.. changes] };

    /// <summary>What a request that loaded an incarnation commits.</summary>
    public static SessionCommit BasedOn(Guid incarnation, params SessionChange[] changes) => Of(changes) with { BasedOn = incarnation };

    /// <summary>What a request commits that creates a session with a lifetime of its own.</summary>
    public static SessionCommit Creating(SessionLifetime lifetime, params SessionChange[] changes) => Of(changes) with { NewSession = lifetime };
}
