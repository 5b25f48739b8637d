using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Failures;

/// <summary>Tests that measure how long requests take, so each runs alone.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneCollection;
