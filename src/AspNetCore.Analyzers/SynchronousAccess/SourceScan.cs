using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OrleansSessions.AspNetCore.Analyzers.SynchronousAccess;

/// <summary>Names called anywhere in a compilation: which middleware it uses, and who may have loaded the session before a method runs.</summary>
/// <remarks>It reads syntax only, because an analyzer that binds the whole compilation slows every edit. Where names mislead it, it reports less.</remarks>
internal sealed class SourceScan
{
    private readonly HashSet<string> _loading = [];
    private readonly HashSet<string> _calledOnThis = [];
    private readonly HashSet<string> _calledOnOthers = [];

    private SourceScan()
    {
    }

    /// <summary>Whether <c>UseSession</c> is called, and neither <c>UseOrleansSessions</c> nor a middleware that loads the session for those behind it.</summary>
    public bool LoadsOnFirstUse { get; private set; }

    public static SourceScan Of(Compilation compilation, CancellationToken cancellationToken)
    {
        var scan = new SourceScan();
        bool isStock = false;
        bool isLoadedBefore = false;
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            foreach (InvocationExpressionSyntax call in tree.GetRoot(cancellationToken).DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                string name = NameOf(call.Expression);
                (IsOnThis(call.Expression) ? scan._calledOnThis : scan._calledOnOthers).Add(name);
                isStock |= name == "UseSession";
                isLoadedBefore |= name == "UseOrleansSessions" || (name == "LoadAsync" && scan.AddLoading(call));
            }
        }

        scan.LoadsOnFirstUse = isStock && !isLoadedBefore;
        return scan;
    }

    /// <summary>Whether a method or function of this name calls <c>LoadAsync</c>.</summary>
    public bool Loads(string name) => _loading.Contains(name);

    /// <summary>Whether other code calls a function of this name, and may have loaded the session before.</summary>
    public bool IsCalled(string name, bool onlyOnThis) => _calledOnThis.Contains(name) || (!onlyOnThis && _calledOnOthers.Contains(name));

    /// <summary>Remembers the functions around a call of <c>LoadAsync</c>.</summary>
    /// <returns>Whether the function passes the request on, as middleware and filters do.</returns>
    private bool AddLoading(SyntaxNode call)
    {
        bool isFirst = true;
        bool passesOn = false;
        foreach (SyntaxNode node in call.Ancestors().Where(static node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MethodDeclarationSyntax))
        {
            passesOn |= isFirst && node.DescendantNodes().OfType<IdentifierNameSyntax>().Any(static name => name.Identifier.ValueText.TrimStart('_') == "next");
            isFirst = false;
            switch (node)
            {
                case LocalFunctionStatementSyntax function:
                    _loading.Add(function.Identifier.ValueText);
                    break;
                case MethodDeclarationSyntax method:
                    _loading.Add(method.Identifier.ValueText);
                    break;
            }
        }

        return passesOn;
    }

    private static string NameOf(ExpressionSyntax called) => called switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => "",
    };

    private static bool IsOnThis(ExpressionSyntax called) => called is SimpleNameSyntax or MemberAccessExpressionSyntax { Expression.RawKind: (int)SyntaxKind.ThisExpression };
}
