using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Failures;

/// <summary>Tests that measure how long requests take: each runs while nothing else does.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneCollection;
