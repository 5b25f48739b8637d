using System.Globalization;
using OrleansSessions.EndToEnd.Tests;
using OrleansSessions.Faults.Tests.Checking;
using OrleansSessions.Faults.Tests.Histories;
using OrleansSessions.Faults.Tests.Nemeses;

namespace OrleansSessions.Faults.Tests.Runs;

/// <summary>Evidence of a wrong history: the nemesis' actions, the violations, and all operations on the session.</summary>
internal sealed class Evidence(string run)
{
    private const int MaxViolations = 20;

    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Repository.Results, "Faults", run)).FullName;

    /// <summary>Writes a file for one session.</summary>
    /// <returns>Its path.</returns>
    public string Write(History history, Verdict verdict, Scene scene, long origin)
    {
        string path = Path.Combine(_folder, history.Session + ".txt");
        var lines = history.Operations.Select(operation => (operation.Invoked, Text: operation.Describe(origin) + Mark(operation, verdict)))
            .Concat(scene.Deeds.Select(deed => (Invoked: deed.At, Text: Line(deed.At, origin, $"**** {deed.What}"))))
            .OrderBy(line => line.Invoked)
            .Select(line => line.Text);
        File.WriteAllLines(path, [.. verdict.Violations.Take(MaxViolations).Select(violation => Describe(violation, origin)), "", .. lines]);
        return path;
    }

    /// <summary>One violation as text.</summary>
    public static string Describe(Violation violation, long origin) =>
        $"{violation.Kind} x{violation.Count.ToString(CultureInfo.InvariantCulture)}: {violation.Reason} {violation.Operation?.Describe(origin)}";

    private static string Mark(Operation operation, Verdict verdict) =>
        verdict.Violations.FirstOrDefault(violation => ReferenceEquals(violation.Operation, operation)) is { } violation ? $"   <== {violation.Kind}: {violation.Reason}" : "";

    private static string Line(long at, long origin, string text) =>
        string.Create(CultureInfo.InvariantCulture, $"{(double)(at - origin) / System.Diagnostics.Stopwatch.Frequency,8:0.000}             {text}");
}
