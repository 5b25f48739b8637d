namespace OrleansSessions.Architecture.Tests.Documentation.Blocks;

/// <summary>Code block of a page.</summary>
/// <param name="Page">The page's path, relative to the repository.</param>
/// <param name="Line">The number of its first line.</param>
/// <param name="Language">The language after the fence; empty if there is none. "indented": four spaces instead of a fence.</param>
/// <param name="Lines">The lines without fence and indentation.</param>
internal sealed record CodeBlock(string Page, int Line, string Language, IReadOnlyList<string> Lines)
{
    public string Text => string.Join('\n', Lines);

    public string FirstLine => Lines[0];

    /// <summary>Where the block is, for messages.</summary>
    public string Place => $"{Page}:{Line}";
}
