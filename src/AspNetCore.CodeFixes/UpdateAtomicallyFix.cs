using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Operations;
using OrleansSessions.AspNetCore.Analyzers;
using OrleansSessions.AspNetCore.Analyzers.Sessions;

namespace OrleansSessions.AspNetCore.CodeFixes;

/// <summary>Fix of OSES002 where a number is added to an entry in one statement or in two that follow each other: <c>IncrementAsync</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
internal sealed class UpdateAtomicallyFix : CodeFixProvider
{
    private const string Title = "Use IncrementAsync";
    private const string TitleOfBytes = "Use IncrementAsync, with a new key if sessions have bytes of SetInt32";

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.UpdateAtomically.Id];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        CancellationToken stop = context.CancellationToken;
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(stop).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(stop).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true) is not InvocationExpressionSyntax { Parent: ExpressionStatementSyntax statement } syntax
            || !MayAwait(statement)
            || model?.GetOperation(syntax, stop) is not { } operation
            || SessionTypes.Find(model.Compilation) is not { } types
            || SessionCall.From(operation, types) is not { Key: { } key, Value: { } value } write
            || SessionExpression.ToOrleansSession(write.Session, types) is not { } session)
        {
            return;
        }

        // Either the sum is written where it is computed, or the statement before declares it.
        LocalDeclarationStatementSyntax? declaration = value.WithoutConversions() is ILocalReferenceOperation ? StatementBefore(statement) : null;
        IOperation sum = declaration is null ? value.WithoutConversions() : value.WithoutConversions().DeclaredValue();
        if ((declaration is not null && !declaration.FullSpan.Contains(sum.Syntax.Span)) || Increment.From(sum, types) is not { } increment || !increment.IsOf(key))
        {
            return;
        }

        string call = $"await {session}.IncrementAsync({key.Syntax}{increment.By})";
        context.RegisterCodeFix(
            CodeAction.Create(write.Method == "SetInt32" ? TitleOfBytes : Title, _ => Task.FromResult(Apply()), nameof(UpdateAtomicallyFix)), context.Diagnostics);

        Document Apply()
        {
            SyntaxNode changed = declaration is null
                ? root.ReplaceNode(statement, SyntaxFactory.ParseStatement(call + ";").WithTriviaFrom(statement).WithAdditionalAnnotations(Formatter.Annotation))
                : Join(root, declaration, statement, sum, call);
            return context.Document.WithSyntaxRoot(Imports.Add(changed, model, statement.SpanStart));
        }
    }

    /// <summary>Computes the sum where it is declared, and removes the statement that writes it.</summary>
    private static SyntaxNode Join(SyntaxNode root, LocalDeclarationStatementSyntax declaration, StatementSyntax statement, IOperation sum, string call)
    {
        ExpressionSyntax initializer = declaration.Declaration.Variables[0].Initializer!.Value;
        string cast = sum.Type?.SpecialType == SpecialType.System_Int64 ? "" : $"({sum.Type?.ToDisplayString()})";
        LocalDeclarationStatementSyntax joined = declaration
            .ReplaceNode(initializer, SyntaxFactory.ParseExpression(cast + call).WithTriviaFrom(initializer))
            .WithAdditionalAnnotations(Formatter.Annotation);
        SyntaxNode tracked = root.TrackNodes(declaration, statement);
        tracked = tracked.ReplaceNode(tracked.GetCurrentNode(declaration)!, joined);
        return tracked.RemoveNode(tracked.GetCurrentNode(statement)!, SyntaxRemoveOptions.KeepNoTrivia)!;
    }

    private static LocalDeclarationStatementSyntax? StatementBefore(StatementSyntax statement)
    {
        if (statement.Parent is not BlockSyntax block)
        {
            return null;
        }

        int index = block.Statements.IndexOf(statement);
        return index > 0 && block.Statements[index - 1] is LocalDeclarationStatementSyntax { Declaration.Variables.Count: 1 } declaration ? declaration : null;
    }

    private static bool MayAwait(SyntaxNode statement)
    {
        foreach (SyntaxNode node in statement.Ancestors())
        {
            switch (node)
            {
                case LockStatementSyntax:
                    return false;
                case AnonymousFunctionExpressionSyntax function:
                    return function.AsyncKeyword.RawKind != 0;
                case LocalFunctionStatementSyntax function:
                    return function.Modifiers.Any(SyntaxKind.AsyncKeyword);
                case GlobalStatementSyntax:
                    return true;
                case MemberDeclarationSyntax member:
                    return member.Modifiers.Any(SyntaxKind.AsyncKeyword);
            }
        }

        return false;
    }
}
