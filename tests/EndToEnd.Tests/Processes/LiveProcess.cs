using System.Globalization;
using System.Runtime.InteropServices;

namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>
/// A process by its id and the time of its start. An id alone names whoever has it now, and Linux gives ids away again within minutes on a busy
/// machine; a signal to a stale one would hit a stranger.
/// </summary>
/// <param name="Id">The process id.</param>
/// <param name="Session">The id of its Unix session.</param>
/// <param name="Started">When it started, in clock ticks since the system did.</param>
internal sealed record LiveProcess(int Id, int Session, long Started)
{
    // Fields of /proc/PID/stat, counted from the one after the command's name.
    private const int StateField = 0;
    private const int SessionField = 3;
    private const int StartedField = 19;

    /// <summary>Whether it still runs.</summary>
    public bool IsAlive => Find(Id)?.Started == Started;

    /// <summary>Finds a running process; null if there is none with this id, or only what is left of one.</summary>
    public static LiveProcess? Find(int id)
    {
        try
        {
            // The name is in parentheses and may itself contain spaces and parentheses.
            string stat = File.ReadAllText($"/proc/{id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[StateField] is "Z" or "X" ? null : new LiveProcess(id, (int)Number(fields[SessionField]), Number(fields[StartedField]));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The running processes of the Unix session that this process was started to lead, also when it has ended itself.</summary>
    public IReadOnlyList<LiveProcess> FindSession()
    {
        // While a session has members, its id is given to no other process: whoever leads it under another start time leads a new session.
        if (Find(Id) is { } leader && leader.Started != Started)
        {
            return [];
        }

        return
        [
            .. Directory.EnumerateDirectories("/proc")
                .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) ? Find(id) : null)
                .OfType<LiveProcess>()
                .Where(process => process.Session == Id && process.Started >= Started),
        ];
    }

    /// <summary>Sends it a signal, if it still runs.</summary>
    public void Send(Signal signal)
    {
        if (IsAlive)
        {
            _ = Kill(Id, (int)signal);
        }
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int id, int signal);
}
