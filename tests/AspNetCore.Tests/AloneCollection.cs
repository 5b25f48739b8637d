using Xunit;

namespace OrleansSessions.AspNetCore.Tests;

/// <summary>Tests that measure this process' memory, and therefore run while no other does.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneCollection;
