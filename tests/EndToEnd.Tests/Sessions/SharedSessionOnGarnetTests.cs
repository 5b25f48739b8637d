using OrleansSessions.EndToEnd.Tests.Stores;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Sessions;

/// <summary>Shared sessions on the local cluster's embedded store.</summary>
[Collection(typeof(GarnetCollection))]
public sealed class SharedSessionOnGarnetTests(GarnetCluster cluster) : SharedSessionTests(cluster);
