using Xunit;

namespace OrleansSessions.Deploy.Tests.Docker;

/// <summary>Tests that run the images, one after the other: they share the images and a machine.</summary>
[CollectionDefinition(nameof(DeployCollection))]
public sealed class DeployCollection : ICollectionFixture<Images>;
