using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Logs;

namespace OrleansSessions.LocalCluster.Members;

/// <summary>Starts members with the launcher's own .NET installation, each in its output directory, next to its settings files.</summary>
internal sealed class DotnetProcessStarter : IChildProcessStarter
{
    // Variables that would add or replace listening addresses.
    private static readonly string[] Overridden = ["ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_HTTP_PORTS", "DOTNET_HTTPS_PORTS", "DOTNET_URLS", "URLS"];

    private readonly string _dotnet = FindDotnet();

    public IChildProcess Start(MemberDefinition definition, LogFile log)
    {
        var start = new ProcessStartInfo(_dotnet, [definition.Assembly])
        {
            WorkingDirectory = Path.GetDirectoryName(definition.Assembly),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string name in Overridden)
        {
            start.Environment.Remove(name);
        }

        // Six processes load at once and compete for CPU: no profiling instrumentation, and no optimization before loading ends (2,000 ms without new code, also with one
        // core, for which .NET would wait ten times as long).
        start.Environment.TryAdd("DOTNET_TieredPGO", "0");
        start.Environment.TryAdd("DOTNET_TC_CallCountingDelayMs", "7D0");
        start.Environment.TryAdd("DOTNET_TC_DelaySingleProcMultiplier", "1");
        foreach ((string name, string value) in definition.Settings)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new ChildProcess(Process.Start(start)!, log);
        }
        catch (Win32Exception exception)
        {
            throw new ClusterStartException($"{definition.Name} cannot be started with {_dotnet}: {exception.Message}", exception);
        }
    }

    // The runtime is in <root>/shared/Microsoft.NETCore.App/<version>/.
    private static string FindDotnet()
    {
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string path = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(path) ? path : name;
    }
}
