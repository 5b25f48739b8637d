using OrleansSessions.EndToEnd.Tests.Stores;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Sessions;

/// <summary>The store that the local cluster brings along.</summary>
[Collection(typeof(GarnetCollection))]
public sealed class SharedSessionOnGarnetTests(GarnetCluster cluster) : SharedSessionTests(cluster);
