using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OrleansSessions.AspNetCore.Analyzers.Sessions;

namespace OrleansSessions.AspNetCore.Analyzers.LostUpdates;

/// <summary>Name of an entry, comparable within a function: a constant, or the symbol that holds it.</summary>
internal static class EntryKey
{
    /// <summary>Returns an object that equals that of any other expression with the same name; null if the name is computed.</summary>
    public static object? Of(IOperation? key) => key?.WithoutConversions() switch
    {
        null => null,
        { ConstantValue: { HasValue: true, Value: string text } } => text,
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        _ => null,
    };
}
