using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using OrleansSessions.AspNetCore.Analyzers;
using OrleansSessions.AspNetCore.Analyzers.SerializedValues;
using OrleansSessions.AspNetCore.Analyzers.Sessions;

namespace OrleansSessions.AspNetCore.CodeFixes;

/// <summary>Fix of OSES003 where the serialization is an argument of the session's call: <c>Set&lt;T&gt;</c> and <c>Get&lt;T&gt;</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
internal sealed class UseTypedEntryFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.UseTypedEntry.Id];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        CancellationToken stop = context.CancellationToken;
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(stop).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(stop).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true) is not InvocationExpressionSyntax syntax
            || model?.GetOperation(syntax, stop) is not IInvocationOperation call
            || SessionTypes.Find(model.Compilation) is not { } types
            || (Write(call, types) ?? Read(call, types)) is not { } replacement)
        {
            return;
        }

        context.RegisterCodeFix(
            CodeAction.Create(
                replacement.Title,
                _ =>
                {
                    ExpressionSyntax expression = SyntaxFactory.ParseExpression(replacement.Text).WithTriviaFrom(syntax);
                    return Task.FromResult(context.Document.WithSyntaxRoot(Imports.Add(root.ReplaceNode(syntax, expression), model, syntax.SpanStart)));
                },
                nameof(UseTypedEntryFix)),
            context.Diagnostics);
    }

    private static (string Title, string Text)? Write(IInvocationOperation call, SessionTypes types)
    {
        if (SessionCall.From(call, types) is not { Key: { } key } write
            || UseTypedEntryAnalyzer.FindSerialization(write) is not { } serialization
            || !call.Syntax.Span.Contains(serialization.Syntax.Span)
            || UseTypedEntryAnalyzer.Argument(serialization, "value") is not { } value)
        {
            return null;
        }

        // Without its type, an array of bytes would be stored as it is.
        string type = HasTypeArgument(serialization) || serialization.TargetMethod.TypeArguments[0] is IArrayTypeSymbol
            ? $"<{serialization.TargetMethod.TypeArguments[0].ToMinimalDisplayString(call.SemanticModel!, call.Syntax.SpanStart)}>"
            : "";
        return ("Use Set<T>", $"{write.Session.Syntax}.Set{type}({key.Syntax}, {value.Syntax})");
    }

    private static (string Title, string Text)? Read(IInvocationOperation call, SessionTypes types)
    {
        if (UseTypedEntryAnalyzer.FindRead(call, types) is not { Key: { } key } read || !call.Syntax.Span.Contains(read.Invocation.Syntax.Span))
        {
            return null;
        }

        string type = call.TargetMethod.TypeArguments[0].ToMinimalDisplayString(call.SemanticModel!, call.Syntax.SpanStart);
        return ("Use Get<T>", $"{read.Session.Syntax}.Get<{type}>({key.Syntax})");
    }

    private static bool HasTypeArgument(IInvocationOperation call) =>
        call.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: GenericNameSyntax } or GenericNameSyntax };
}
