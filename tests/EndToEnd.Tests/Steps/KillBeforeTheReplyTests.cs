using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <inheritdoc />
public sealed class KillBeforeTheReplyTests(KillBeforeTheReplyTests.Cluster cluster) : KillAtEachStepTests(cluster), IClassFixture<KillBeforeTheReplyTests.Cluster>
{
    public sealed class Cluster() : SteppedCluster(KillMoment.BeforeTheReply);
}
