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

        var tokens = new CookieTokenHolder(context, _options.Cookie);
        var session = new OrleansSession(_client, tokens, _options.Namespace, _newSession);
        await session.PreloadAsync(context.RequestAborted);

        IHttpResponseFeature innerResponse = context.Features.GetRequiredFeature<IHttpResponseFeature>();
        IHttpResponseBodyFeature innerBody = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var response = new CommittingResponse(innerResponse);
        var body = new CommittingResponseBody(innerBody, response, session);

        // Registered before all others and therefore run last. The commit comes here only for what passes by the body: an upgrade to WebSockets.
        innerResponse.OnStarting(
            static async state =>
            {
                (OrleansSession session, CookieTokenHolder tokens) = ((OrleansSession, CookieTokenHolder))state;
                await session.CommitChangesAsync(CancellationToken.None);
                tokens.WriteCookie();
            },
            (session, tokens));

        context.Features.Set<ISessionFeature>(new SessionFeature { Session = session });
        context.Features.Set<IHttpResponseFeature>(response);
        context.Features.Set<IHttpResponseBodyFeature>(body);
        try
        {
            await _next(context);
            await body.FinishAsync();
        }
        catch (Exception exception)
        {
            // What the application left half done must not be stored with its error page.
            session.DiscardChanges();
            Restore();
            if (exception is not (SessionException or SessionUnavailableException) || body.IsHandedOn || innerResponse.HasStarted)
            {
                throw;
            }

            await SessionProblem.WriteAsync(context, exception);
        }
        finally
        {
            Restore();
        }

        void Restore()
        {
            context.Features.Set(innerResponse);
            context.Features.Set(innerBody);
            context.Features.Set<ISessionFeature>(null);
        }
    }
}
