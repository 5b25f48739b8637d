using System.Globalization;

namespace OrleansSessions.LocalCluster.Lifetime;

/// <summary>
/// The <c>dotnet run</c> process that started this one. It forwards SIGTERM, but if it is killed, this process would continue as an orphan.
/// The parent can be found on Linux only.
/// </summary>
internal static class DotnetRun
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Calls <paramref name="gone"/> when the <c>dotnet run</c> that started this process ends. Returns null if another program started it.</summary>
    public static IDisposable? Watch(Action gone)
    {
        if (!OperatingSystem.IsLinux() || ParentId() is not { } parent || !IsDotnetRun(parent))
        {
            return null;
        }

        return new Timer(
            _ =>
            {
                if (ParentId() != parent)
                {
                    gone();
                }
            },
            state: null,
            Interval,
            Interval);
    }

    private static bool IsDotnetRun(int process)
    {
        try
        {
            string[] arguments = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cmdline")).Split('\0');
            return Path.GetFileName(arguments[0]) == "dotnet" && arguments.Length > 1 && arguments[1] == "run";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or the system hides it: then it is not watched, as when something else started this process.
            return false;
        }
    }

    // "id (name) state parent ...", where the name may contain any characters.
    private static int? ParentId()
    {
        string status = File.ReadAllText("/proc/self/stat");
        string[] fields = status[(status.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent) ? parent : null;
    }
}
