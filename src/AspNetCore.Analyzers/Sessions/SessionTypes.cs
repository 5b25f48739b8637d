using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace OrleansSessions.AspNetCore.Analyzers.Sessions;

/// <summary>The types of a compilation that concern sessions.</summary>
internal sealed class SessionTypes
{
    private readonly INamedTypeSymbol _httpContext;
    private readonly INamedTypeSymbol _session;
    private readonly INamedTypeSymbol _orleansSession;
    private readonly INamedTypeSymbol _stockExtensions;
    private readonly INamedTypeSymbol _extensions;

    private SessionTypes(
        INamedTypeSymbol httpContext, INamedTypeSymbol session, INamedTypeSymbol orleansSession, INamedTypeSymbol stockExtensions, INamedTypeSymbol extensions)
    {
        _httpContext = httpContext;
        _session = session;
        _orleansSession = orleansSession;
        _stockExtensions = stockExtensions;
        _extensions = extensions;
    }

    /// <summary>Finds the types; null if the compilation doesn't use sessions of this library.</summary>
    public static SessionTypes? Find(Compilation compilation) =>
        compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Http.HttpContext") is { } httpContext
        && compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Http.ISession") is { } session
        && compilation.GetTypeByMetadataName("OrleansSessions.AspNetCore.IOrleansSession") is { } orleansSession
        && compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Http.SessionExtensions") is { } stockExtensions
        && compilation.GetTypeByMetadataName("OrleansSessions.AspNetCore.OrleansSessionExtensions") is { } extensions
            ? new SessionTypes(httpContext, session, orleansSession, stockExtensions, extensions)
            : null;

    public bool IsSession(ITypeSymbol? type) =>
        SymbolEqualityComparer.Default.Equals(type, _session) || type?.AllInterfaces.Contains(_session, SymbolEqualityComparer.Default) == true;

    public bool IsHttpContext(ITypeSymbol? type)
    {
        while (type is not null && !SymbolEqualityComparer.Default.Equals(type, _httpContext))
        {
            type = type.BaseType;
        }

        return type is not null;
    }

    /// <summary>Whether a type declares members of a session: the two interfaces, and the classes with their extension methods.</summary>
    public bool DeclaresAccess(INamedTypeSymbol type) =>
        Is(type, _session) || Is(type, _orleansSession) || IsExtensions(type);

    public bool IsExtensions(INamedTypeSymbol type) => Is(type, _stockExtensions) || Is(type, _extensions);

    /// <summary>Whether an operation is <c>HttpContext.Session</c> or <c>HttpContext.GetOrleansSession()</c>.</summary>
    public bool IsRequestSession(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property.Name: "Session" } property => IsHttpContext(property.Property.ContainingType),
        IInvocationOperation { TargetMethod.Name: "GetOrleansSession" } call => Is(call.TargetMethod.ContainingType, _extensions),
        _ => false,
    };

    private static bool Is(INamedTypeSymbol type, INamedTypeSymbol expected) => SymbolEqualityComparer.Default.Equals(type, expected);
}
