using System.Reflection;

namespace OrleansSessions.AspNetCore.Analyzers;

/// <summary>Links to the rules' documentation, at the address of the repository that the package was built from.</summary>
internal static class HelpLink
{
    private const string Page = "docs/aspnetcore.md";

    /// <summary>Returns the link to a rule. It is relative if the build knew no address.</summary>
    /// <param name="anchor">The rule's anchor on the page.</param>
    public static string To(string anchor)
    {
        string? repository = typeof(HelpLink).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(static data => data.Key == "RepositoryUrl")?.Value;
        string link = $"{Page}#{anchor}";
        return string.IsNullOrEmpty(repository) ? link : $"{Trim(repository!)}/blob/HEAD/{link}";
    }

    private static string Trim(string repository) =>
        repository.EndsWith(".git", StringComparison.Ordinal) ? repository.Substring(0, repository.Length - ".git".Length) : repository.TrimEnd('/');
}
