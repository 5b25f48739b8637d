using System.Globalization;
using System.Runtime.InteropServices;

namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>
/// Process identified by its id and start time. Linux reuses ids within minutes on a busy machine, so a signal to a stale id could hit an unrelated process.
/// </summary>
/// <param name="Id">The process id.</param>
/// <param name="Session">The id of its Unix session.</param>
/// <param name="Started">Its start time, in clock ticks since boot.</param>
internal sealed record LiveProcess(int Id, int Session, long Started)
{
    // Fields of /proc/PID/stat, counted from the one after the command's name.
    private const int StateField = 0;
    private const int SessionField = 3;
    private const int StartedField = 19;

    /// <summary>Whether it still runs.</summary>
    public bool IsAlive => Find(Id)?.Started == Started;

    /// <summary>Whether each of its threads has stopped, or it has ended.</summary>
    public bool IsFrozen
    {
        get
        {
            try
            {
                return !IsAlive || Directory.EnumerateDirectories($"/proc/{Id}/task").All(IsStopped);
            }
            catch (DirectoryNotFoundException)
            {
                return true;
            }
        }
    }

    /// <summary>Finds a running process; null if there is none with this id, or only a zombie.</summary>
    public static LiveProcess? Find(int id)
    {
        try
        {
            string[] fields = Fields($"/proc/{id}/stat");
            return fields[StateField] is "Z" or "X" ? null : new LiveProcess(id, (int)Number(fields[SessionField]), Number(fields[StartedField]));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The running processes of the Unix session led by this process, even after it has ended.</summary>
    public IReadOnlyList<LiveProcess> FindSession()
    {
        // While a session has members, its id is not reused. A leader with another start time leads a new session.
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

    // A thread that has ended meanwhile counts as stopped.
    private static bool IsStopped(string thread)
    {
        try
        {
            return Fields(Path.Combine(thread, "stat"))[StateField] is "T" or "X" or "Z";
        }
        catch (IOException)
        {
            return true;
        }
    }

    // The name is in parentheses and may contain spaces and parentheses.
    private static string[] Fields(string path)
    {
        string stat = File.ReadAllText(path);
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static long Number(string field) => long.Parse(field, CultureInfo.InvariantCulture);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int id, int signal);
}
