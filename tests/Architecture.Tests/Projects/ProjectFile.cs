using System.Xml.Linq;

namespace OrleansSessions.Architecture.Tests.Projects;

/// <summary>References of a project in <c>src</c>.</summary>
internal sealed class ProjectFile
{
    private ProjectFile(XDocument document)
    {
        Projects = [.. document.Descendants("ProjectReference").Select(static reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))];
        Packages = [.. document.Descendants("PackageReference").Select(static reference => reference.Attribute("Include")!.Value)];
    }

    public IReadOnlyList<string> Projects { get; }

    public IReadOnlyList<string> Packages { get; }

    public static ProjectFile Read(string name) => new(XDocument.Load(Path.Combine(Repository.Root, "src", name, $"{name}.csproj")));

    /// <summary>Returns the directly or transitively referenced projects.</summary>
    public static IReadOnlySet<string> Closure(string name)
    {
        HashSet<string> found = [];
        var next = new Queue<string>([name]);
        while (next.TryDequeue(out string? project))
        {
            foreach (string reference in Read(project).Projects.Where(found.Add))
            {
                next.Enqueue(reference);
            }
        }

        return found;
    }
}
