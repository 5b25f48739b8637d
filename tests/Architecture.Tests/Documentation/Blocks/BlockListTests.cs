namespace OrleansSessions.Architecture.Tests.Documentation.Blocks;

/// <summary>Every code block of the documentation is checked, or listed with the reason why not.</summary>
public sealed class BlockListTests
{
    [Fact]
    public void Block_IsCheckedOrListed() => Rule.Holds(
        from block in Pages.Blocks
        where BlockKinds.KindOf(block) == BlockKind.Other && UncheckedBlocks.Find(block) is null
        select $"{block.Place}: {block.FirstLine}");

    [Fact]
    public void ListedBlock_Exists() => Rule.Holds(
        from entry in UncheckedBlocks.All
        where !Pages.Blocks.Any(block => block.Page == entry.Page && block.FirstLine.StartsWith(entry.Begins, StringComparison.Ordinal))
        select $"{entry.Page}: {entry.Begins}");
}
