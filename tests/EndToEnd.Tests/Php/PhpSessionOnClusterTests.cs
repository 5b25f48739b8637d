using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>On the session cluster: what every PHP application does with its sessions.</summary>
[Collection(typeof(PhpOnClusterCollection))]
public sealed class PhpSessionOnClusterTests(ClusterPhpStore store) : PhpSessionTests(store);
