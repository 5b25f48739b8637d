using Xunit;

namespace OrleansSessions.Deploy.Tests.Docker;

/// <summary>Tests that run the images, one after the other, because they share the images and the machine.</summary>
[CollectionDefinition(nameof(DeployCollection))]
public sealed class DeployCollection : ICollectionFixture<Images>;
