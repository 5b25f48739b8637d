using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OrleansSessions.AspNetCore.Analyzers.Sessions;

/// <summary>Call of a session's method, or of one of its extension methods.</summary>
internal sealed class SessionCall
{
    private SessionCall(IInvocationOperation invocation, IOperation session)
    {
        Invocation = invocation;
        Session = session;
    }

    public IInvocationOperation Invocation { get; }

    /// <summary>The session, without conversions.</summary>
    public IOperation Session { get; }

    public string Method => Invocation.TargetMethod.Name;

    public IOperation? Key => Argument("key");

    public IOperation? Value => Argument("value");

    /// <summary>Whether the call returns an entry as a number or as an object: <c>GetInt32</c> or <c>Get&lt;T&gt;</c>.</summary>
    public bool ReadsValue => Method is "GetInt32" || (Method is "Get" && Invocation.TargetMethod.IsGenericMethod);

    /// <summary>Whether the call sets an entry to a number or an object: <c>SetInt32</c> or <c>Set&lt;T&gt;</c>.</summary>
    public bool WritesValue => Method is "SetInt32" || (Method is "Set" && Invocation.TargetMethod.IsGenericMethod);

    /// <summary>Returns the call; null if an operation is something else.</summary>
    public static SessionCall? From(IOperation operation, SessionTypes types)
    {
        if (operation is not IInvocationOperation invocation || !types.DeclaresAccess(invocation.TargetMethod.ContainingType))
        {
            return null;
        }

        // C# passes the receiver of an extension method as an argument.
        IOperation? session = invocation.Instance
            ?? (invocation.TargetMethod.IsExtensionMethod ? invocation.Arguments.FirstOrDefault(static argument => argument.Parameter?.Ordinal == 0)?.Value : null);
        session = session?.WithoutConversions();
        return session is not null && types.IsSession(session.Type) ? new SessionCall(invocation, session) : null;
    }

    private IOperation? Argument(string parameter) => Invocation.Arguments.FirstOrDefault(argument => argument.Parameter?.Name == parameter)?.Value;
}
