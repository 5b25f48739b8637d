namespace OrleansSessions.Bench.Runner.Processes;

/// <summary>Paths of installed programs.</summary>
internal static class Programs
{
    /// <summary>Finds a program, also outside of PATH: Debian's nginx is in /usr/sbin, which many users' PATH lacks.</summary>
    public static string Find(string name)
    {
        string[] folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':'), "/usr/sbin"];
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{name} is not installed. Run bench.sh, which installs it.");
    }

    /// <summary>Finds PHP-FPM, whose command contains PHP's version on Debian.</summary>
    public static string FindPhpFpm() => Directory.EnumerateFiles("/usr/sbin", "php-fpm*").Order(StringComparer.Ordinal).LastOrDefault()
        ?? throw new FileNotFoundException("php-fpm is not installed. Run bench.sh, which installs it.");
}
