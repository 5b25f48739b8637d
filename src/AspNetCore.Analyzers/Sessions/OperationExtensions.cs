using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace OrleansSessions.AspNetCore.Analyzers.Sessions;

/// <summary>Navigation in trees of operations.</summary>
internal static class OperationExtensions
{
    /// <summary>Returns the converted operation, without parentheses and casts.</summary>
    public static IOperation WithoutConversions(this IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                default:
                    return operation;
            }
        }
    }

    /// <summary>Returns the lambda or local function around an operation; null if it belongs to the method itself.</summary>
    public static IOperation? Function(this IOperation operation)
    {
        IOperation? parent = operation.Parent;
        while (parent is not null and not IAnonymousFunctionOperation and not ILocalFunctionOperation)
        {
            parent = parent.Parent;
        }

        return parent;
    }

    /// <summary>Returns the value that a local variable was declared with; any other operation is returned as it is.</summary>
    public static IOperation DeclaredValue(this IOperation operation)
    {
        if (operation is ILocalReferenceOperation { Local.DeclaringSyntaxReferences: { Length: 1 } declarations } && operation.SemanticModel is { } model
            && declarations[0].SyntaxTree == model.SyntaxTree
            && declarations[0].GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } value }
            && model.GetOperation(value) is { } declared)
        {
            return declared.WithoutConversions();
        }

        return operation;
    }
}
