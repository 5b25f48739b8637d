using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Failures;

/// <summary>Tests that put load on a cluster and count its failures, so no other test of this project runs beside them.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneCollection;
