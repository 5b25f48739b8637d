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
    LogoutTokenValidator validator,
    ProviderKeys keys,
    SeenLogoutTokens seen,
    ProviderLogout logout,
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

        int ended = await logout.EndAsync(request, scheme, token);
        await seen.AddAsync(token, cancellation);
        return ended;
    }

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
}
