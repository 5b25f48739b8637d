using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OrleansSessions.AspNetCore.Analyzers.LostUpdates;
using OrleansSessions.AspNetCore.Analyzers.Sessions;

namespace OrleansSessions.AspNetCore.CodeFixes;

/// <summary>Sum of an entry and a number.</summary>
internal sealed class Increment
{
    private readonly IOperation _key;

    private Increment(IOperation key, string by)
    {
        _key = key;
        By = by;
    }

    /// <summary>The argument for the number, after a comma; empty if it is 1.</summary>
    public string By { get; }

    /// <summary>Returns the sum that an operation computes; null if it computes something else.</summary>
    public static Increment? From(IOperation operation, SessionTypes types)
    {
        if (operation is not IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } sum || !IsInteger(sum.Type))
        {
            return null;
        }

        bool subtracts = sum.OperatorKind == BinaryOperatorKind.Subtract;
        IOperation left = sum.LeftOperand.WithoutConversions();
        IOperation right = sum.RightOperand.WithoutConversions();
        return KeyOf(left, types) is { } key ? new Increment(key, ToArgument(right, subtracts))
            : !subtracts && KeyOf(right, types) is { } rightKey ? new Increment(rightKey, ToArgument(left, negate: false))
            : null;
    }

    /// <summary>Whether it is the sum of the entry with this name.</summary>
    public bool IsOf(IOperation key) => EntryKey.Of(key) is { } name && name.Equals(EntryKey.Of(_key));

    private static bool IsInteger(ITypeSymbol? type) => type?.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64;

    /// <summary>Returns the name of the entry that an operation reads, where a missing one counts as 0.</summary>
    private static IOperation? KeyOf(IOperation operation, SessionTypes types)
    {
        IOperation read = operation switch
        {
            ICoalesceOperation { WhenNull: { } otherwise } coalesce when IsZero(otherwise.WithoutConversions()) => coalesce.Value.WithoutConversions(),
            IInvocationOperation { TargetMethod.Name: "GetValueOrDefault", Arguments.IsEmpty: true, Instance: { } nullable } => nullable.WithoutConversions(),
            _ => operation,
        };
        return SessionCall.From(read, types) is { ReadsValue: true, Key: { } key } ? key : null;
    }

    private static bool IsZero(IOperation operation) => operation.ConstantValue is { HasValue: true, Value: 0 or 0L };

    private static string ToArgument(IOperation by, bool negate)
    {
        if (by.ConstantValue is { HasValue: true, Value: 1 or 1L } && !negate)
        {
            return "";
        }

        string text = by.Syntax.ToString();
        return negate ? by is ILiteralOperation ? $", -{text}" : $", -({text})" : $", {text}";
    }
}
