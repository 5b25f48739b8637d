using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace OrleansSessions.AspNetCore.CodeFixes;

/// <summary>Using directives of a document.</summary>
internal static class Imports
{
    private const string Namespace = "OrleansSessions.AspNetCore";

    /// <summary>Adds a using directive for our extension methods, unless they are in scope.</summary>
    /// <param name="root">The changed root of the document.</param>
    /// <param name="model">The model of the document before the change.</param>
    /// <param name="position">The position of the change, in the document before it.</param>
    public static SyntaxNode Add(SyntaxNode root, SemanticModel model, int position)
    {
        bool inScope = model.GetEnclosingSymbol(position)?.ContainingNamespace?.ToDisplayString() is { } around
            && (around == Namespace || around.StartsWith(Namespace + ".", StringComparison.Ordinal));
        if (inScope || root is not CompilationUnitSyntax unit || model.GetImportScopes(position).Any(static scope => scope.Imports.Any(IsOurs)))
        {
            return root;
        }

        UsingDirectiveSyntax directive = SyntaxFactory.UsingDirective(SyntaxFactory.ParseName(Namespace))
            .NormalizeWhitespace()
            .WithTrailingTrivia(LineEnding.Of(root))
            .WithAdditionalAnnotations(Formatter.Annotation);
        int place = unit.Usings.IndexOf(static other => other.Name is { } name && !IsSystem(name.ToString()) && string.CompareOrdinal(name.ToString(), Namespace) > 0);
        if (unit.Usings.Count > 0 || unit.GetLeadingTrivia().Count == 0)
        {
            return unit.WithUsings(unit.Usings.Insert(place < 0 ? unit.Usings.Count : place, directive));
        }

        // A comment at the top of the file stays there.
        SyntaxToken first = unit.GetFirstToken();
        return unit.ReplaceToken(first, first.WithLeadingTrivia()).WithUsings([directive.WithLeadingTrivia(first.LeadingTrivia)]);
    }

    private static bool IsOurs(ImportedNamespaceOrType import) => import.NamespaceOrType.ToDisplayString() == Namespace;

    private static bool IsSystem(string name) => name == "System" || name.StartsWith("System.", StringComparison.Ordinal);
}
