using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;

namespace OrleansSessions.Architecture.Tests.Documentation.Site;

/// <summary>HTML page of the built site.</summary>
internal sealed partial class SitePage
{
    private static readonly ConcurrentDictionary<string, SitePage> Read = new();

    private readonly string _path;
    private readonly HashSet<string> _anchors;

    private SitePage(string path)
    {
        string html = File.ReadAllText(path);
        _path = path;
        _anchors = [.. Anchor().Matches(html).Select(static anchor => anchor.Groups[1].Value)];
        Links = [.. Link().Matches(html).Select(static link => WebUtility.HtmlDecode(link.Groups[1].Value)).Where(static link => !Absolute().IsMatch(link)).Distinct()];
    }

    /// <summary>The path within the site, for messages.</summary>
    public string Name => Path.GetRelativePath(BuiltSite.Folder, _path);

    /// <summary>The relative addresses of pages, pictures, styles and scripts.</summary>
    public IReadOnlyList<string> Links { get; }

    public static SitePage Of(string path) => Read.GetOrAdd(path, static path => new(path));

    /// <summary>Whether the site has what a link of this page points to, with its anchor.</summary>
    public bool Resolves(string link)
    {
        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0 ? _path : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(_path)!, Uri.UnescapeDataString(parts[0])));
        return target.StartsWith(BuiltSite.Folder, StringComparison.Ordinal)
            && File.Exists(target)
            && (parts.Length == 1 || parts[1].Length == 0 || Of(target)._anchors.Contains(Uri.UnescapeDataString(parts[1])));
    }

    [GeneratedRegex("\\s(?:id|name)=\"([^\"]+)\"")]
    private static partial Regex Anchor();

    [GeneratedRegex("\\s(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Link();

    [GeneratedRegex("^([a-z]+:|//)")]
    private static partial Regex Absolute();
}
