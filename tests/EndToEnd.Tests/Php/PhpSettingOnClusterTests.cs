using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>PHP's session settings on the session cluster.</summary>
[Collection(typeof(PhpOnClusterCollection))]
public sealed class PhpSettingOnClusterTests(ClusterPhpStore store) : PhpSettingTests(store);
