using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using OrleansSessions.AspNetCore;
using OrleansSessions.Contracts;
using OrleansSessions.WebFrontend.Customers;
using OrleansSessions.WebFrontend.Hosting;

namespace OrleansSessions.WebFrontend.Api;

/// <summary>
/// JSON API of the browser's session, for scripts and tests. Calls need no antiforgery token: the session cookie is <c>SameSite=Lax</c>, so other sites can't
/// send it with them.
/// </summary>
internal static class SessionApi
{
    /// <summary>The default of <c>Resp:UserEntry</c>.</summary>
    private const string PhpUserEntry = "_user";

    /// <summary>Maximum bytes of one value: the limit of a whole session.</summary>
    private const int MaxValueBytes = 1024 * 1024;

    /// <summary>
    /// How much of an oversized body is still read before the connection is closed. The client can then read the response instead of getting a connection error.
    /// </summary>
    private const long MaxRequestBytes = 16 * 1024 * 1024;

    /// <summary>Maps <c>/api/session</c> and its subpaths.</summary>
    public static void MapSessionApi(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder session = endpoints.MapGroup("/api/session");
        session.MapGet("", Describe);
        session.MapDelete("", DestroyAsync);
        session.MapPost("rotate", RotateAsync);
        RouteGroupBuilder entries = session.MapGroup("entries").AddEndpointFilter(ProtectCustomerAsync);
        entries.MapPut("{name}", PutEntryAsync).WithMetadata(new RequestSizeLimitAttribute(MaxRequestBytes));
        entries.MapDelete("{name}", RemoveEntry);
        entries.MapPost("{name}/increment", IncrementAsync);
    }

    /// <summary>
    /// Refuses changes of the customer's name, and of PHP's: setting them would show another customer's devices without a sign-in, or sign in through PHP.
    /// </summary>
    private static ValueTask<object?> ProtectCustomerAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next) =>
        invocation.HttpContext.GetRouteValue("name") is string segment && EntryName(segment) is var name and (Customer.EntryName or PhpUserEntry)
            ? ValueTask.FromResult<object?>(TypedResults.Problem(
                $"Only signing in changes the entry {name}.",
                statusCode: StatusCodes.Status403Forbidden))
            : next(invocation);

    private static IResult Describe(HttpContext context, IOptions<FrontendOptions> frontend)
    {
        IOrleansSession session = context.GetOrleansSession();
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new SessionView
        {
            Id = session.Exists ? new SessionKey(session.Id).Short : null,
            Frontend = frontend.Value.Name,
            Silo = session.Silo,
            Version = session.Version,
            CreatedAt = session.CreatedAt,
            ExpiresAt = session.ExpiresAt,
            Entries = session.GetEntries().ToDictionary(entry => entry.Name, EntryText.Of, StringComparer.Ordinal),
        });
    }

    /// <summary>
    /// Stores the body unchanged, as bytes; decimal text can be incremented. Stores a body with a JSON content type as the typed API would.
    /// </summary>
    private static async Task<IResult> PutEntryAsync(string name, HttpContext context, CancellationToken cancellationToken)
    {
        byte[]? value = await BoundedBody.ReadAsync(context.Request, MaxValueBytes, cancellationToken);
        if (value is null)
        {
            return TypedResults.Problem(
                $"The value of an entry has at most {MaxValueBytes} bytes.",
                statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        if (!context.Request.HasJsonContentType())
        {
            context.Session.Set(EntryName(name), value);
            return TypedResults.NoContent();
        }

        try
        {
            context.Session.Set(EntryName(name), JsonSerializer.Deserialize<JsonElement>(value));
        }
        catch (JsonException exception)
        {
            return TypedResults.Problem($"The body is not JSON: {exception.Message}", statusCode: StatusCodes.Status400BadRequest);
        }

        return TypedResults.NoContent();
    }

    private static NoContent RemoveEntry(string name, HttpContext context)
    {
        context.Session.Remove(EntryName(name));
        return TypedResults.NoContent();
    }

    private static async Task<IResult> IncrementAsync(string name, HttpContext context, CancellationToken cancellationToken, string by = "1")
    {
        if (!long.TryParse(by, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long addend))
        {
            return TypedResults.Problem(
                "\"by\" must be a decimal 64-bit integer.",
                statusCode: StatusCodes.Status400BadRequest);
        }

        return TypedResults.Ok(new IncrementResult(await context.GetOrleansSession().IncrementAsync(EntryName(name), addend, cancellationToken)));
    }

    private static async Task<NoContent> RotateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await context.GetOrleansSession().RotateAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> DestroyAsync(HttpContext context, CancellationToken cancellationToken)
    {
        await context.GetOrleansSession().DestroyAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Servers decode every escape in a path except the slash, so that it does not end the segment.</summary>
    private static string EntryName(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
