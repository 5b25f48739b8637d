using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.Options;
using OrleansSessions.AspNetCore.Calls;
using OrleansSessions.AspNetCore.Cookies;
using OrleansSessions.AspNetCore.Responses;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Gives each request its session: loaded before the application runs, committed before the response headers leave. An answer that says "done" is therefore
/// only sent when it is.
/// </summary>
internal sealed class OrleansSessionMiddleware
{
    private readonly RequestDelegate _next;
    private readonly SessionClient _client;
    private readonly OrleansSessionOptions _options;
    private readonly SessionLifetime _newSession;

    public OrleansSessionMiddleware(RequestDelegate next, SessionClient client, IOptions<OrleansSessionOptions> options)
    {
        _next = next;
        _client = client;
        _options = options.Value;
        _newSession = new SessionLifetime { IdleTimeout = _options.IdleTimeout, AbsoluteLifetime = _options.AbsoluteLifetime };
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ISkipSessionMetadata>() is not null)
        {
            await _next(context);
            return;
        }

        var session = new OrleansSession(_client, new CookieTokenHolder(context, _options.Cookie), _options.Namespace, _newSession);
        await session.PreloadAsync(context.RequestAborted);
        context.Features.Set<ISessionFeature>(new SessionFeature { Session = session });

        IHttpResponseBodyFeature inner = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var body = new CommittingResponseBody(inner, session);
        context.Features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await _next(context);
            await body.FinishAsync();
        }
        catch (Exception exception) when (exception is SessionException or SessionUnavailableException && !context.Response.HasStarted)
        {
            context.Features.Set(inner);
            await SessionProblem.WriteAsync(context, exception);
        }
        finally
        {
            context.Features.Set(inner);
            context.Features.Set<ISessionFeature>(null);
        }
    }
}
