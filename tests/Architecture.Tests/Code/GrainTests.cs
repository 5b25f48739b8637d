namespace OrleansSessions.Architecture.Tests.Code;

/// <summary>A grain's code stays on the grain's scheduler.</summary>
public sealed class GrainTests
{
    [Fact]
    public void Grains_NeverLeaveTheirScheduler()
    {
        IEnumerable<string> wrong =
            from file in Repository.SourceFiles("src/Grains")
            where file.Text.Contains("ConfigureAwait(false)", StringComparison.Ordinal) || file.Text.Contains("ConfigureAwaitOptions.None", StringComparison.Ordinal)
            select file.Path;

        Rule.Holds(wrong);
    }
}
