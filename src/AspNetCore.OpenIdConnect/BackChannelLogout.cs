using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>Endpoint at which a provider signs users out (OpenID Connect Back-Channel Logout 1.0). A sender without a valid token learns nothing and changes nothing.</summary>
internal sealed partial class BackChannelLogout(
    IOptionsMonitor<OpenIdConnectOptions> providers,
    IOptionsMonitor<OrleansOpenIdConnectOptions> options,
    LogoutTokenValidator validator,
    ProviderKeys keys,
    SeenLogoutTokens seen,
    IUserSessions sessions,
    ILogger<BackChannelLogout> logger)
{
    private const string ParameterName = "logout_token";
    private const int MaxBodyBytes = 4 * LogoutTokenValidator.MaxLength;
    private const int RetryAfterSeconds = 5;

    private static readonly FormOptions FormLimits = new() { ValueCountLimit = 16, ValueLengthLimit = LogoutTokenValidator.MaxLength };

    public async Task HandleAsync(HttpContext request, string scheme)
    {
        HttpResponse response = request.Response;
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
        try
        {
            int ended = await SignOutAsync(request, await FindTokenAsync(request), scheme);
            LogSignedOut(logger, ended);
        }
        catch (Exception exception) when (exception is LogoutTokenException or BadHttpRequestException or InvalidDataException)
        {
            LogRefused(logger, exception.Message);
            response.StatusCode = StatusCodes.Status400BadRequest;
            await response.WriteAsJsonAsync(new Dictionary<string, string> { ["error"] = "invalid_request" }, request.RequestAborted);
        }
        catch (SessionUnavailableException exception)
        {
            LogUnavailable(logger, exception.Message);
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            response.Headers.RetryAfter = $"{RetryAfterSeconds}";
        }
    }

    private async Task<int> SignOutAsync(HttpContext request, string text, string scheme)
    {
        CancellationToken cancellation = request.RequestAborted;
        LogoutToken token = await ValidateAsync(text, scheme, cancellation);
        if (await seen.ContainsAsync(token, cancellation))
        {
            throw new LogoutTokenException("the token was used before");
        }

        string? userId = options.Get(scheme).FindUserId is { } find ? await find(request, token.Subject) : token.Subject;
        string? tag = token.SessionId is { } sessionId ? ProviderSession.TagOf(scheme, sessionId) : null;
        if (tag is not null)
        {
            // First: a sign-in that is under way is in the list by the time that the sessions end, or finds this afterwards.
            await seen.AddEndedAsync(tag, cancellation);
        }

        int ended = userId is null ? 0 : await EndAsync(userId, tag, token, cancellation);
        await seen.AddAsync(token, cancellation);
        return ended;
    }

    private async Task<int> EndAsync(string userId, string? tag, LogoutToken token, CancellationToken cancellationToken)
    {
        int ended = await EndAsync(userId, tag, cancellationToken);
        if (tag is null)
        {
            return ended;
        }

        // Earlier versions have named the provider by the issuer of the claim.
        ended += await EndAsync(userId, ProviderSession.TagOf(token.Issuer, token.SessionId!), cancellationToken);
        if (ended == 0 && (await sessions.ListAsync(userId, count: 1, cancellationToken: cancellationToken)).Sessions.Length > 0)
        {
            LogNoneEnded(logger);
        }

        return ended;
    }

    private Task<int> EndAsync(string userId, string? tag, CancellationToken cancellationToken) =>
        sessions.EndAllAsync(userId, tag: tag, reason: EndReason.Revoked, cancellationToken: cancellationToken);

    private static async Task<string> FindTokenAsync(HttpContext request)
    {
        if (request.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBodyBytes;
        }

        StringValues tokens = request.Request.HasFormContentType
            ? (await request.Request.ReadFormAsync(FormLimits, request.RequestAborted))[ParameterName]
            : StringValues.Empty;
        return tokens is [{ Length: > 0 } token] ? token : throw new LogoutTokenException($"the request has no {ParameterName}, or several");
    }

    /// <summary>Validates a token, and once more with the provider's present keys if it is signed with an unknown one.</summary>
    private async Task<LogoutToken> ValidateAsync(string text, string scheme, CancellationToken cancellationToken)
    {
        OpenIdConnectOptions provider = providers.Get(scheme);
        try
        {
            return await validator.ValidateAsync(text, provider, await ProviderKeys.FindAsync(provider, cancellationToken));
        }
        catch (LogoutTokenException exception) when (exception.IsOfUnknownKey)
        {
            if (await keys.RefreshAsync(scheme, provider, cancellationToken) is not { } refreshed)
            {
                throw;
            }

            return await validator.ValidateAsync(text, provider, refreshed);
        }
    }

    [LoggerMessage(500, LogLevel.Information, "An OpenID provider has signed a user out: {Ended} sessions ended.")]
    private static partial void LogSignedOut(ILogger logger, int ended);

    [LoggerMessage(501, LogLevel.Information, "Refused a back-channel logout: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);

    [LoggerMessage(502, LogLevel.Warning, "Returned 503 for a back-channel logout. {Reason}")]
    private static partial void LogUnavailable(ILogger logger, string reason);

    [LoggerMessage(
        504,
        LogLevel.Warning,
        "An OpenID provider has signed out of one of its sessions, from which none of the user's sessions came. Either it has ended before, or its ticket lacks the claim sid.")]
    private static partial void LogNoneEnded(ILogger logger);
}
