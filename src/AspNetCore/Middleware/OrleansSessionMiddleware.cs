using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.AspNetCore.Cookies;
using OrleansSessions.AspNetCore.Headers;
using OrleansSessions.AspNetCore.Responses;
using OrleansSessions.AspNetCore.Tokens;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Migration;

namespace OrleansSessions.AspNetCore;

/// <summary>
/// Session middleware: loads the session before the application runs, and commits it before the response headers are sent. So a success response is sent only
/// after the session is stored.
/// </summary>
internal sealed partial class OrleansSessionMiddleware
{
    private readonly RequestDelegate _next;
    private readonly SessionClient _client;
    private readonly BrowserImport _import;
    private readonly UserKeys _users;
    private readonly GuessLimit _guesses;
    private readonly OrleansSessionOptions _options;
    private readonly SessionLifetime _newSession;
    private readonly ILogger<OrleansSessionMiddleware> _logger;

    public OrleansSessionMiddleware(
        RequestDelegate next,
        SessionClient client,
        BrowserImport import,
        UserKeys users,
        GuessLimit guesses,
        IOptions<OrleansSessionOptions> options,
        ILogger<OrleansSessionMiddleware> logger)
    {
        _logger = logger;
        _next = next;
        _client = client;
        _import = import;
        _users = users;
        _guesses = guesses;
        _options = options.Value;
        _newSession = new SessionLifetime { IdleTimeout = _options.IdleTimeout, AbsoluteLifetime = _options.AbsoluteLifetime };
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ISkipSessionMetadata>() is not null)
        {
            await InvokeWithoutSessionAsync(context);
            return;
        }

        IHttpResponseFeature innerResponse = context.Features.GetRequiredFeature<IHttpResponseFeature>();
        IHttpResponseBodyFeature innerBody = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        ResponseTokenHolder tokens = TokensOf(context, innerResponse);
        if (tokens.Received.Count > 0 && _guesses.IsReached(context))
        {
            // An error page may pass through here again.
            tokens.IgnoreReceived();
            LogGuessing(_logger, context.Connection.RemoteIpAddress);
            await SessionProblem.WriteAsync(context, new GuessLimitException());
            return;
        }

        var session = new OrleansSession(_client, _import, tokens, _users, _options, _newSession, context)
        {
            IsUse = context.GetEndpoint()?.Metadata.GetMetadata<LiveSessionMetadata>()?.KeepAlive ?? true,
        };
        await session.PreloadAsync(context.RequestAborted);
        if (session.IsUnknown)
        {
            _guesses.Count(context);
        }

        var response = new CommittingResponse(innerResponse);
        var body = new CommittingResponseBody(innerBody, response, session);

        innerResponse.OnStarting(static state => ((CommittingResponseBody)state).CommitBeforeHeadersAsync(), body);

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
            // The application's incomplete changes must not be stored along with its error page.
            session.DiscardChanges();
            response.HandOver();
            Restore();
            if (exception is not (SessionException or SessionUnavailableException) || body.IsHandedOn || innerResponse.HasStarted)
            {
                throw;
            }

            await AnswerAsync(context, exception);
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

    /// <summary>The endpoint may need the cluster all the same: for its authentication ticket, or for other users' sessions.</summary>
    private async Task InvokeWithoutSessionAsync(HttpContext context)
    {
        try
        {
            await _next(context);
        }
        catch (Exception exception) when (exception is SessionException or SessionUnavailableException && !context.Response.HasStarted)
        {
            await AnswerAsync(context, exception);
        }
    }

    private Task AnswerAsync(HttpContext context, Exception exception)
    {
        if (exception is SessionException)
        {
            LogRefused(_logger, exception.Message);
        }
        else
        {
            LogUnavailable(_logger, exception.Message, exception.InnerException?.Message);
        }

        return SessionProblem.WriteAsync(context, exception);
    }

    /// <summary>Returns the holder of the request's token. An error page that passes through the middleware again has the same.</summary>
    private ResponseTokenHolder TokensOf(HttpContext context, IHttpResponseFeature response)
    {
        if (context.Features.Get<ResponseTokenHolder>() is { } earlier)
        {
            return earlier;
        }

        bool makesSecrets = !_options.IsSharedWithPhp;
        ResponseTokenHolder holder = UsesHeader(context)
            ? new HeaderTokenHolder(context, _options.Header, makesSecrets)
            : new CookieTokenHolder(
                context,
                _options.Cookie,
                takesStockCookies: _options.ImportFrom is not null,
                makesSecrets,
                _options.ClearSiteDataHeader,
                allowsActing: _options.Impersonation.Policy is not null);
        holder.WriteTo(response);
        context.Features.Set(holder);
        return holder;
    }

    private bool UsesHeader(HttpContext context) =>
        (context.GetEndpoint()?.Metadata.GetMetadata<ISessionTransportMetadata>()?.Transport ?? _options.Transport) == SessionTransport.Header;

    [LoggerMessage(310, LogLevel.Warning, "Returned 503: session unavailable. {Reason} {Cause}")]
    private static partial void LogUnavailable(ILogger logger, string reason, string? cause);

    [LoggerMessage(311, LogLevel.Information, "Refused a request's session changes. {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);

    [LoggerMessage(312, LogLevel.Information, "Returned 429: {Address} has presented too many tokens that name no session.")]
    private static partial void LogGuessing(ILogger logger, IPAddress? address);
}
