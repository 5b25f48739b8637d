using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Tests of PHP that share one session cluster.</summary>
[CollectionDefinition]
public sealed class PhpOnClusterCollection : ICollectionFixture<ClusterPhpStore>;
