using System.IO.Compression;
using System.Xml.Linq;

namespace OrleansSessions.Packages.Tests.Feed;

/// <summary>Content of a package file.</summary>
/// <param name="Files">The paths of its files.</param>
/// <param name="Metadata">The manifest's metadata.</param>
internal sealed record Package(IReadOnlyList<string> Files, XElement Metadata)
{
    /// <summary>The required versions of other packages, by id.</summary>
    public IReadOnlyDictionary<string, string> Dependencies => Metadata.Descendants()
        .Where(static element => element.Name.LocalName == "dependency")
        .ToDictionary(static dependency => dependency.Attribute("id")!.Value, static dependency => dependency.Attribute("version")!.Value);

    public static Package Open(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        using Stream manifest = archive.Entries.Single(static entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        XElement metadata = XDocument.Load(manifest).Root!.Elements().Single(static element => element.Name.LocalName == "metadata");
        return new([.. archive.Entries.Select(static entry => entry.FullName)], metadata);
    }

    /// <summary>Returns an element of the metadata; null if it is missing.</summary>
    public XElement? Element(string name) => Metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name);
}
