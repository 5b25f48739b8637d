using System.Globalization;
using System.Runtime.InteropServices;

namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>What .NET's Process can't do: send a signal, and see a process group.</summary>
internal static class OperatingSystemProcess
{
    private const int GroupField = 2;

    /// <summary>Sends a signal to a process, or to a process group if the id is negative. Does nothing if there is none.</summary>
    public static void Send(int id, Signal signal) => _ = Kill(id, (int)signal);

    /// <summary>Whether the process is there and is no zombie.</summary>
    public static bool IsAlive(int id) => ReadStat(id) is { } stat && stat[0] != "Z";

    /// <summary>The ids of all living processes of a group.</summary>
    public static IReadOnlyList<int> Group(int group) =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) ? id : 0)
            .Where(id => id > 0 && ReadStat(id) is { } stat && stat[0] != "Z" && stat[GroupField] == group.ToString(CultureInfo.InvariantCulture)),
    ];

    // The fields after the command's name, which is in parentheses and may itself contain spaces: state, parent, group...
    private static string[]? ReadStat(int id)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int id, int signal);
}
