using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>On the session cluster: PHP's settings of sessions.</summary>
[Collection(typeof(PhpOnClusterCollection))]
public sealed class PhpSettingOnClusterTests(ClusterPhpStore store) : PhpSettingTests(store);
