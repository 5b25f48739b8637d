using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using OrleansSessions.AspNetCore.Analyzers.Sessions;

namespace OrleansSessions.AspNetCore.Analyzers.SynchronousAccess;

/// <summary>Accesses to the request's session in a method and the functions in it.</summary>
internal sealed class FunctionAccesses(ISymbol owner, SessionTypes types)
{
    private readonly List<IOperation> _accesses = [];
    private readonly List<IInvocationOperation> _calls = [];

    /// <summary>Whether an asynchronous function accesses the session.</summary>
    public bool AnyInAsync => _accesses.Any(access => Symbol(access.Function()) is { IsAsync: true });

    public static string NameOf(IOperation access) => access switch
    {
        IInvocationOperation call => call.TargetMethod.Name,
        IPropertyReferenceOperation property => property.Property.Name,
        _ => "",
    };

    public void Collect(IOperation root)
    {
        foreach (IOperation operation in root.DescendantsAndSelf())
        {
            if (IsAccess(operation))
            {
                _accesses.Add(operation);
            }
            else if (operation is IInvocationOperation call)
            {
                _calls.Add(call);
            }
        }
    }

    /// <summary>Returns the first access of each asynchronous function that nothing before it can have loaded the session for.</summary>
    public IEnumerable<IOperation> FindUnloaded(SourceScan scan) =>
        from access in _accesses
        group access by access.Function() into accesses
        where Symbol(accesses.Key) is { IsAsync: true } function && !MayBeCalledLater(function, scan)
        let first = accesses.OrderBy(static access => access.Syntax.SpanStart).First()
        where !_calls.Any(call => call.Syntax.SpanStart < first.Syntax.SpanStart && IsOnPathTo(accesses.Key, call) && MayLoad(call, scan))
        select first;

    /// <summary>Whether the stock middleware loads the session for an operation: everything synchronous but the id and the idle timeout.</summary>
    private bool IsAccess(IOperation operation)
    {
        switch (operation)
        {
            case IPropertyReferenceOperation { Instance: { } instance, Property: { Name: not ("Id" or "IdleTimeout") } property }:
                return types.DeclaresAccess(property.ContainingType) && IsRequestSession(instance);
            default:
                return SessionCall.From(operation, types) is { } call && !IsTask(call.Invocation.TargetMethod.ReturnType) && IsRequestSession(call.Session);
        }
    }

    private bool IsRequestSession(IOperation session) => types.IsRequestSession(session.WithoutConversions().DeclaredValue());

    /// <summary>Whether a function may run after its caller has loaded the session. The framework calls actions and lambdas, so nothing ran before them.</summary>
    private static bool MayBeCalledLater(IMethodSymbol function, SourceScan scan) =>
        function.MethodKind != MethodKind.AnonymousFunction && scan.IsCalled(function.Name, onlyOnThis: function.MethodKind == MethodKind.LocalFunction || IsAction(function));

    private static bool IsAction(IMethodSymbol method)
    {
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.BaseType)
        {
            if (type is { Name: "ControllerBase" or "PageModel", ContainingNamespace.Name: "Mvc" or "RazorPages" })
            {
                return method.DeclaredAccessibility == Accessibility.Public;
            }
        }

        return false;
    }

    /// <summary>Whether a call is in the same function, in one around it, or in one inside.</summary>
    private static bool IsOnPathTo(IOperation? function, IOperation call) => IsWithin(function, call.Function()) || IsWithin(call.Function(), function);

    private static bool IsWithin(IOperation? inner, IOperation? outer)
    {
        while (inner is not null && inner != outer)
        {
            inner = inner.Function();
        }

        return inner == outer;
    }

    private bool MayLoad(IInvocationOperation call, SourceScan scan)
    {
        IMethodSymbol method = call.TargetMethod;
        if (!IsTask(method.ReturnType))
        {
            return false;
        }

        bool isFramework = method.ContainingAssembly?.Name is { } assembly
            && (assembly.StartsWith("Microsoft.", StringComparison.Ordinal) || assembly.StartsWith("System.", StringComparison.Ordinal));
        return types.DeclaresAccess(method.ContainingType)
            || method.MethodKind == MethodKind.DelegateInvoke
            || scan.Loads(method.Name)
            || (!isFramework && !IsInSource(method) && call.Arguments.Any(argument => IsRequest(argument.Value.WithoutConversions().Type)));
    }

    private bool IsRequest(ITypeSymbol? type) => types.IsHttpContext(type) || types.IsSession(type);

    private static bool IsInSource(IMethodSymbol method) => !method.DeclaringSyntaxReferences.IsEmpty;

    private static bool IsTask(ITypeSymbol type) => type is { Name: "Task" or "ValueTask", ContainingNamespace.Name: "Tasks" };

    private IMethodSymbol? Symbol(IOperation? function) => function switch
    {
        IAnonymousFunctionOperation lambda => lambda.Symbol,
        ILocalFunctionOperation local => local.Symbol,
        _ => owner as IMethodSymbol,
    };
}
