using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Typical session use of PHP applications, on the session cluster.</summary>
[Collection(typeof(PhpOnClusterCollection))]
public sealed class PhpSessionOnClusterTests(ClusterPhpStore store) : PhpSessionTests(store);
