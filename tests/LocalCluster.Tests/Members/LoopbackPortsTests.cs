using OrleansSessions.LocalCluster.Members;
using OrleansSessions.Testing;

namespace OrleansSessions.LocalCluster.Tests.Members;

public sealed class LoopbackPortsTests
{
    /// <summary>More than there are: those of servers that have ended are picked again.</summary>
    [Fact]
    public void Ports_OfVeryManyTests_DoNotRunOut()
    {
        for (int i = 0; i < 6_000; i++)
        {
            Assert.InRange(LoopbackPort.Next(), 10_000, 15_000);
        }
    }

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
