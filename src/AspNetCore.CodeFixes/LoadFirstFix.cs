using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using OrleansSessions.AspNetCore.Analyzers;

namespace OrleansSessions.AspNetCore.CodeFixes;

/// <summary>Fix of OSES001: awaits <c>LoadAsync</c> before the statement that accesses the session.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
internal sealed class LoadFirstFix : CodeFixProvider
{
    private const string Title = "Await LoadAsync before";

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.LoadFirst.Id];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SyntaxNode? access = root?.FindNode(context.Span, getInnermostNodeForTie: true);
        if (root is null || SessionOf(access) is not { } session || !IsPlain(session) || StatementOf(access!) is not { } statement || DeclaresPartOf(statement, session))
        {
            return;
        }

        context.RegisterCodeFix(
            CodeAction.Create(Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(InsertLoad(root, statement, session))), nameof(LoadFirstFix)),
            context.Diagnostics);
    }

    private static SyntaxNode InsertLoad(SyntaxNode root, StatementSyntax statement, ExpressionSyntax session)
    {
        StatementSyntax load = SyntaxFactory.ParseStatement($"await {session.WithoutTrivia()}.LoadAsync();")
            .WithLeadingTrivia(statement.GetLeadingTrivia())
            .WithTrailingTrivia(LineEnding.Of(root))
            .WithAdditionalAnnotations(Formatter.Annotation);

        // The comments above the statement stay above both.
        StatementSyntax rest = statement.WithLeadingTrivia(SyntaxFactory.ElasticMarker).WithAdditionalAnnotations(Formatter.Annotation);
        return statement.Parent is GlobalStatementSyntax global
            ? root.ReplaceNode(global, [SyntaxFactory.GlobalStatement(load), SyntaxFactory.GlobalStatement(rest)])
            : root.ReplaceNode(statement, [load, rest]);
    }

    private static ExpressionSyntax? SessionOf(SyntaxNode? access) => access switch
    {
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax member } => member.Expression,
        MemberAccessExpressionSyntax member => member.Expression,
        _ => null,
    };

    /// <summary>Whether an expression can be written twice: names, members, and <c>GetOrleansSession()</c>.</summary>
    private static bool IsPlain(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax or ThisExpressionSyntax => true,
        MemberAccessExpressionSyntax member => IsPlain(member.Expression),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GetOrleansSession" } member, ArgumentList.Arguments.Count: 0 } =>
            IsPlain(member.Expression),
        _ => false,
    };

    /// <summary>Returns the statement before which another one can stand; null: there is none in the function, or it is in a lock, where nothing can be awaited.</summary>
    private static StatementSyntax? StatementOf(SyntaxNode access)
    {
        StatementSyntax? found = null;
        foreach (SyntaxNode node in access.AncestorsAndSelf())
        {
            switch (node)
            {
                case LockStatementSyntax:
                    return null;
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax and not GlobalStatementSyntax:
                    return found;
                case StatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax } statement:
                    found ??= statement;
                    break;
            }
        }

        return found;
    }

    /// <summary>Whether a statement declares a variable that the session's expression uses.</summary>
    private static bool DeclaresPartOf(StatementSyntax statement, ExpressionSyntax session)
    {
        var used = new HashSet<string>(session.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Select(static name => name.Identifier.ValueText));
        return statement.DescendantNodes().Any(node => node switch
        {
            VariableDeclaratorSyntax variable => used.Contains(variable.Identifier.ValueText),
            SingleVariableDesignationSyntax variable => used.Contains(variable.Identifier.ValueText),
            ForEachStatementSyntax loop => used.Contains(loop.Identifier.ValueText),
            _ => false,
        });
    }
}
