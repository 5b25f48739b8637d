using System.Globalization;
using OrleansSessions.LocalCluster.Members;

namespace OrleansSessions.LocalCluster.Display;

/// <summary>Text for members, shared by both displays.</summary>
internal static class MemberText
{
    /// <summary>128 and the number of the signal, as in a shell.</summary>
    public const int KilledExitCode = 128 + 9;

    public static string Address(MemberDefinition member) => member switch
    {
        { Role: MemberRole.Frontend } => member.Url.GetLeftPart(UriPartial.Authority),
        { Silo: { } silo } => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{silo.SiloPort}, gateway {silo.GatewayPort}{Resp(silo)}"),
        _ => "",
    };

    public static string State(MemberStatus member) => member.State switch
    {
        MemberState.Starting => "starting",
        MemberState.Ready => "ready",
        MemberState.NotReady => "not ready",
        MemberState.Stopping => "stopping",
        MemberState.Stopped when member.ExitCode is 0 => "stopped",
        MemberState.Restarting => $"{Ending(member)}, starting again",
        _ => Ending(member),
    };

    public static string Ending(MemberStatus member) =>
        member.ExitCode is KilledExitCode ? "was killed (SIGKILL)"
        : member.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"ended with exit code {code}") : "could not be started";

    private static string Resp(SiloPorts silo) => silo.RespPort is { } port ? string.Create(CultureInfo.InvariantCulture, $", resp {port}") : "";
}
