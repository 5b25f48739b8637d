using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using OrleansSessions.AspNetCore.Analyzers.Sessions;

namespace OrleansSessions.AspNetCore.Analyzers.LostUpdates;

/// <summary>OSES002: an entry is set to a value that was computed from an earlier read of it in the same function.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class UpdateAtomicallyAnalyzer : SessionAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.UpdateAtomically];

    protected override void Begin(CompilationStartAnalysisContext start, SessionTypes types) => start.RegisterOperationBlockAction(block => Analyze(block, types));

    private static void Analyze(OperationBlockAnalysisContext context, SessionTypes types)
    {
        var values = new DerivedValues(types);
        foreach (IOperation operation in context.OperationBlocks.SelectMany(static root => root.DescendantsAndSelf()))
        {
            values.Follow(operation);
            if (SessionCall.From(operation, types) is { WritesValue: true, Value: { } value } write
                && EntryKey.Of(write.Key) is { } key && values.KeysOf(value).Contains(key))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Rules.UpdateAtomically,
                    operation.Syntax.GetLocation(),
                    key is string text ? text : ((ISymbol)key).Name,
                    IsInteger(value.WithoutConversions().Type) ? "IncrementAsync or UpdateAsync" : "UpdateAsync"));
            }
        }
    }

    private static bool IsInteger(ITypeSymbol? type) => type?.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64;
}
