using Xunit;

namespace OrleansSessions.AspNetCore.Tests;

/// <summary>Tests that measure this process' memory, so each runs alone.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneCollection;
