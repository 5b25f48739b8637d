using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OrleansSessions.AspNetCore.Analyzers.Sessions;

namespace OrleansSessions.AspNetCore.CodeFixes;

/// <summary>Expressions for the request's session.</summary>
internal static class SessionExpression
{
    /// <summary>Returns the text of an expression for a session with all features; null if there is none.</summary>
    public static string? ToOrleansSession(IOperation session, SessionTypes types)
    {
        if (session.Type is { Name: "IOrleansSession" })
        {
            return session.Syntax.ToString();
        }

        return types.IsRequestSession(session) && session.Syntax is MemberAccessExpressionSyntax access ? $"{access.Expression}.GetOrleansSession()" : null;
    }
}
