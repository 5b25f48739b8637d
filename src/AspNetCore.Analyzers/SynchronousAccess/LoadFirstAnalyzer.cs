using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using OrleansSessions.AspNetCore.Analyzers.Sessions;

namespace OrleansSessions.AspNetCore.Analyzers.SynchronousAccess;

/// <summary>OSES001: a session that the stock middleware provides is accessed in an asynchronous function before it was loaded.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class LoadFirstAnalyzer : SessionAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.LoadFirst];

    protected override void Begin(CompilationStartAnalysisContext start, SessionTypes types)
    {
        // The scan runs only if a function accesses a session.
        Compilation compilation = start.Compilation;
        CancellationToken stop = start.CancellationToken;
        var scan = new Lazy<SourceScan>(() => SourceScan.Of(compilation, stop), LazyThreadSafetyMode.ExecutionAndPublication);
        start.RegisterOperationBlockAction(block => Analyze(block, types, scan));
    }

    private static void Analyze(OperationBlockAnalysisContext context, SessionTypes types, Lazy<SourceScan> scan)
    {
        var block = new FunctionAccesses(context.OwningSymbol, types);
        foreach (IOperation root in context.OperationBlocks)
        {
            block.Collect(root);
        }

        if (!block.AnyInAsync || !scan.Value.LoadsOnFirstUse)
        {
            return;
        }

        foreach (IOperation access in block.FindUnloaded(scan.Value))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.LoadFirst, access.Syntax.GetLocation(), FunctionAccesses.NameOf(access)));
        }
    }
}
