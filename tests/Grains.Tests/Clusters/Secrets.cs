using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Tests.Clusters;

/// <summary>What browsers with secrets in their tokens do.</summary>
internal static class Secrets
{
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    public static SecretHash New() => SecretHash.Of(Guid.NewGuid().ToString("N"));

    /// <summary>The first commit of a session with a secret.</summary>
    public static SessionCommit Creating(SecretHash secret, params SessionChange[] changes) => Commit.Of(changes) with { Secret = secret };

    /// <summary>A commit that rotates the session, with a grace of 10 s.</summary>
    public static SessionCommit Rotating(Guid incarnation, SecretHash from, SecretHash to, params SessionChange[] changes) =>
        Commit.BasedOn(incarnation, changes) with { Rotation = new() { From = from, To = to, Grace = Grace, EndOnReuse = true } };

    public static SessionCommit WithGrace(this SessionCommit commit, TimeSpan grace) => commit with { Rotation = commit.Rotation! with { Grace = grace } };

    public static SessionCommit AsPrivilegeChange(this SessionCommit commit) => commit with { Rotation = commit.Rotation! with { IsPrivilegeChange = true } };

    public static SessionCommit LettingReuseLive(this SessionCommit commit) => commit with { Rotation = commit.Rotation! with { EndOnReuse = false } };
}
