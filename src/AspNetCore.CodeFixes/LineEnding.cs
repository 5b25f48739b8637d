using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OrleansSessions.AspNetCore.CodeFixes;

/// <summary>Line endings of a document.</summary>
internal static class LineEnding
{
    /// <summary>Returns the line ending that a document uses; an elastic one if it has a single line.</summary>
    public static SyntaxTrivia Of(SyntaxNode root)
    {
        SyntaxTrivia first = root.DescendantTrivia().FirstOrDefault(static trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        return first.IsKind(SyntaxKind.EndOfLineTrivia) ? first : SyntaxFactory.ElasticLineFeed;
    }
}
