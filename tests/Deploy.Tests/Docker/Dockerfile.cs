using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansSessions.EndToEnd.Tests;

namespace OrleansSessions.Deploy.Tests.Docker;

/// <summary>Dockerfile of deploy/docker, limited to the instructions that ours use.</summary>
internal sealed partial class Dockerfile
{
    private readonly List<(string Name, string Arguments)> _instructions = [];

    private Dockerfile(string text)
    {
        foreach (Match instruction in Instruction().Matches(Continuation().Replace(text, " ")))
        {
            _instructions.Add((instruction.Groups[1].Value, instruction.Groups[2].Value.Trim()));
        }
    }

    /// <summary>The base images of the stages.</summary>
    public IReadOnlyList<string> Bases => [.. All("FROM").Select(from => from.Split(' ').First(word => !word.StartsWith("--", StringComparison.Ordinal)))];

    /// <summary>The instructions of the build stage, in order.</summary>
    public IEnumerable<(string Name, string Arguments)> Build => _instructions.Skip(1).TakeWhile(instruction => instruction.Name != "FROM");

    public string User => All("USER").Single();

    public string WorkingDirectory => Last("WORKDIR");

    public IReadOnlyList<string> EntryPoint => JsonSerializer.Deserialize<string[]>(Last("ENTRYPOINT"))!;

    public IReadOnlyDictionary<string, string> Environment =>
        All("ENV").SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    public IReadOnlyList<int> Ports => [.. All("EXPOSE").SelectMany(line => line.Split(' ')).Select(int.Parse)];

    /// <summary>Source and target of the final stage's copy from the build stage.</summary>
    public (string From, string To) Output
    {
        get
        {
            string[] words = All("COPY").Single(copy => copy.StartsWith("--from=", StringComparison.Ordinal)).Split(' ');
            return (words[1], words[2]);
        }
    }

    public static Dockerfile Read(string name) => new(File.ReadAllText(Repository.Source($"deploy/docker/Dockerfile.{name}")));

    private IEnumerable<string> All(string name) => _instructions.Where(instruction => instruction.Name == name).Select(instruction => instruction.Arguments);

    private string Last(string name) => All(name).Last();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continuation();

    [GeneratedRegex(@"^([A-Z]+) (.*)$", RegexOptions.Multiline)]
    private static partial Regex Instruction();
}
