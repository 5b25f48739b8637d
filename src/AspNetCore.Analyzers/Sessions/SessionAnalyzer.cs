using Microsoft.CodeAnalysis.Diagnostics;

namespace OrleansSessions.AspNetCore.Analyzers.Sessions;

/// <summary>Analyzer that looks at projects with sessions only, and not at generated code.</summary>
internal abstract class SessionAnalyzer : DiagnosticAnalyzer
{
    public sealed override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (SessionTypes.Find(start.Compilation) is { } types)
            {
                Begin(start, types);
            }
        });
    }

    /// <summary>Registers what is done with a project that has sessions.</summary>
    protected abstract void Begin(CompilationStartAnalysisContext start, SessionTypes types);
}
