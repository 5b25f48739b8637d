namespace OrleansSessions.Bench.Runner.Processes;

/// <summary>The programs that are started beside our own.</summary>
internal static class Programs
{
    /// <summary>A program of this name, where the system keeps it: Debian's nginx is in /usr/sbin, which is not on every user's PATH.</summary>
    public static string Find(string name)
    {
        string[] folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':'), "/usr/sbin"];
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{name} is not installed; bench.sh installs it.");
    }

    /// <summary>PHP-FPM, whose command has PHP's version in its name on Debian.</summary>
    public static string FindPhpFpm() => Directory.EnumerateFiles("/usr/sbin", "php-fpm*").Order(StringComparer.Ordinal).LastOrDefault()
        ?? throw new FileNotFoundException("php-fpm is not installed; bench.sh installs it.");
}
