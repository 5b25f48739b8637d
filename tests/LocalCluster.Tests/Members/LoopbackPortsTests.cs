using OrleansSessions.LocalCluster.Members;

namespace OrleansSessions.LocalCluster.Tests.Members;

public sealed class LoopbackPortsTests
{
    /// <summary>So many that chance alone would pick some twice.</summary>
    [Fact]
    public void Ports_OfTwoLaunchers_AreDifferent()
    {
        using var first = new LoopbackPorts();
        using var second = new LoopbackPorts();

        int[] ports = [.. Enumerable.Range(0, 300).SelectMany(_ => (int[])[first.Next(), second.Next()])];

        Assert.Equal(ports.Length, ports.Distinct().Count());
    }
}
