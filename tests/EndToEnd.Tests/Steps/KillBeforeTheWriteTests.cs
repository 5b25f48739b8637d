using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Steps;

/// <inheritdoc />
public sealed class KillBeforeTheWriteTests(KillBeforeTheWriteTests.Cluster cluster) : KillAtEachStepTests(cluster), IClassFixture<KillBeforeTheWriteTests.Cluster>
{
    public sealed class Cluster() : SteppedCluster(KillMoment.BeforeTheWrite);
}
