using System.Globalization;

namespace OrleansSessions.LocalCluster.Lifetime;

/// <summary>
/// The <c>dotnet run</c> that started this process. It passes SIGTERM on, but when it is killed nobody tells this process, which would run on with
/// nobody to know it. Only Linux shows who the parent is.
/// </summary>
internal static class DotnetRun
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Calls <paramref name="gone"/> when <c>dotnet run</c> started this process and has ended. Null when something else started it.</summary>
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
            var arguments = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/cmdline")).Split('\0');
            return Path.GetFileName(arguments[0]) == "dotnet" && arguments.Length > 1 && arguments[1] == "run";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // "id (name) state parent ...", where the name may contain anything.
    private static int? ParentId()
    {
        var status = File.ReadAllText("/proc/self/stat");
        var fields = status[(status.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent) ? parent : null;
    }
}
