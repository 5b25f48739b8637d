using Microsoft.CodeAnalysis;

namespace OrleansSessions.AspNetCore.Analyzers;

/// <summary>Descriptors of all rules.</summary>
internal static class Rules
{
    private const string Category = "Sessions";

    /// <summary>Synchronous access before <c>LoadAsync</c>, under the stock middleware.</summary>
    public static readonly DiagnosticDescriptor LoadFirst = new(
        "OSES001",
        "Load the session before accessing it",
        "'{0}' loads the session synchronously and blocks the thread: await LoadAsync first, or use app.UseOrleansSessions()",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The stock session middleware loads the session on first use. Unless LoadAsync was awaited before, a thread waits for the cluster.",
        HelpLink.To("oses001"));

    /// <summary>A write of a value that depends on an earlier read of the same entry.</summary>
    public static readonly DiagnosticDescriptor UpdateAtomically = new(
        "OSES002",
        "Update the entry atomically",
        "The new value of '{0}' depends on a value that was read before, so changes by parallel requests are lost: use {1}",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Between the read and the commit, another request may change the entry. IncrementAsync and UpdateAsync compute the new value atomically.",
        HelpLink.To("oses002"));

    /// <summary>A value that the application serializes itself.</summary>
    public static readonly DiagnosticDescriptor UseTypedEntry = new(
        "OSES003",
        "Let the session serialize the value",
        "{0} instead of using JsonSerializer",
        Category,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "Set and Get serialize the value once, without a string in between, and the entry is known to be JSON: PHP and the administration API show it as such.",
        HelpLink.To("oses003"));
}
