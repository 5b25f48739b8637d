using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using OrleansSessions.AspNetCore.Analyzers.Sessions;

namespace OrleansSessions.AspNetCore.Analyzers.SerializedValues;

/// <summary>OSES003: the application serializes a value itself before it stores it in the session, or after it has read it.</summary>
/// <remarks>Only with System.Text.Json's default options: any others would be lost.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class UseTypedEntryAnalyzer : SessionAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.UseTypedEntry];

    /// <summary>Returns the serialization whose result a call stores; null: it stores something else.</summary>
    public static IInvocationOperation? FindSerialization(SessionCall write) => write.Value?.WithoutConversions().DeclaredValue() switch
    {
        IInvocationOperation call when write.Method == "SetString" && IsJson(call, "Serialize") => call,
        IInvocationOperation call when write.Method == "Set" && IsJson(call, "SerializeToUtf8Bytes") => call,
        _ => null,
    };

    /// <summary>Returns the read whose result a call deserializes; null: it is no deserialization, or one of something else.</summary>
    public static SessionCall? FindRead(IInvocationOperation call, SessionTypes types) =>
        IsJson(call, "Deserialize") && Argument(call, "json") is { } json && SessionCall.From(json.DeclaredValue(), types) is { Method: "GetString" } read ? read : null;

    /// <summary>Returns an argument without conversions.</summary>
    public static IOperation? Argument(IInvocationOperation call, string parameter) =>
        call.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == parameter)?.Value.WithoutConversions();

    protected override void Begin(CompilationStartAnalysisContext start, SessionTypes types) =>
        start.RegisterOperationAction(operation => Analyze(operation, types), OperationKind.Invocation);

    private static void Analyze(OperationAnalysisContext context, SessionTypes types)
    {
        var call = (IInvocationOperation)context.Operation;
        if (SessionCall.From(call, types) is { } write && FindSerialization(write) is not null)
        {
            Report("Store the value with Set<T> and read it with Get<T>");
        }
        else if (FindRead(call, types) is not null)
        {
            Report("Read the value with Get<T>");
        }

        void Report(string advice) => context.ReportDiagnostic(Diagnostic.Create(Rules.UseTypedEntry, call.Syntax.GetLocation(), advice));
    }

    private static bool IsJson(IInvocationOperation call, string method) =>
        call.TargetMethod is { IsGenericMethod: true, ContainingType: { Name: "JsonSerializer", ContainingNamespace.Name: "Json" } }
        && call.TargetMethod.Name == method
        && call.Arguments.Length == 2
        && call.Arguments.All(static argument => argument.Parameter?.Name != "options" || argument.ArgumentKind == ArgumentKind.DefaultValue)
        && call.Arguments.Any(static argument => argument.Parameter?.Name == "options");
}
