namespace OrleansSessions.Architecture.Tests.Documentation.Blocks;

/// <summary>The C# of the documentation compiles.</summary>
public sealed class CSharpBlockTests
{
    [Fact]
    public void CSharp_Compiles() => Rule.Holds(Snippets.Errors(BlockKinds.Of(BlockKind.CSharp)));
}
