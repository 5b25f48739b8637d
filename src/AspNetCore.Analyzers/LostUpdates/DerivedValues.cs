using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OrleansSessions.AspNetCore.Analyzers.Sessions;

namespace OrleansSessions.AspNetCore.Analyzers.LostUpdates;

/// <summary>Local variables whose values were computed from entries of the session. Operations are to be passed in the order of the source.</summary>
internal sealed class DerivedValues(SessionTypes types)
{
    private readonly Dictionary<ISymbol, HashSet<object>> _keys = new(SymbolEqualityComparer.Default);

    /// <summary>Follows an operation that gives a value to a variable.</summary>
    public void Follow(IOperation operation)
    {
        switch (operation)
        {
            case IVariableDeclaratorOperation declarator when declarator.GetVariableInitializer() is { } initializer:
                _keys[declarator.Symbol] = KeysOf(initializer.Value);
                break;
            case ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment:
                _keys[target.Local] = KeysOf(assignment.Value);
                break;
            case ICompoundAssignmentOperation { Target: ILocalReferenceOperation target } assignment:
                _keys[target.Local] = [.. KeysOf(target), .. KeysOf(assignment.Value)];
                break;
            case IIsPatternOperation pattern:
                foreach (ISymbol variable in pattern.Pattern.DescendantsAndSelf().Select(Declared).OfType<ISymbol>())
                {
                    _keys[variable] = KeysOf(pattern.Value);
                }

                break;
        }
    }

    /// <summary>Returns the entries that a value was computed from.</summary>
    public HashSet<object> KeysOf(IOperation value)
    {
        HashSet<object> keys = [];
        Add(value, keys);
        return keys;
    }

    private static ISymbol? Declared(IOperation pattern) => pattern switch
    {
        IDeclarationPatternOperation declaration => declaration.DeclaredSymbol,
        IRecursivePatternOperation recursive => recursive.DeclaredSymbol,
        _ => null,
    };

    private void Add(IOperation value, HashSet<object> keys)
    {
        switch (value)
        {
            case ILocalReferenceOperation local when _keys.TryGetValue(local.Local, out HashSet<object>? derived):
                keys.UnionWith(derived);
                return;
            case IConditionalOperation condition:
                // A value that was chosen by an entry is not computed from it.
                Add(condition.WhenTrue, keys);
                if (condition.WhenFalse is { } otherwise)
                {
                    Add(otherwise, keys);
                }

                return;
            case IAnonymousFunctionOperation:
                return;
        }

        if (SessionCall.From(value, types) is { ReadsValue: true } read)
        {
            if (EntryKey.Of(read.Key) is { } key)
            {
                keys.Add(key);
            }

            return;
        }

        foreach (IOperation child in value.ChildOperations)
        {
            Add(child, keys);
        }
    }
}
