using System.Text.Json;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>
/// Validation of logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.6). Any client can send one, so checks that an application has relaxed for tokens that it
/// fetches from the provider itself are made in full here.
/// </summary>
internal sealed class LogoutTokenValidator(TimeProvider time)
{
    /// <summary>Maximum length, in characters.</summary>
    public const int MaxLength = 16_384;

    private const string EventName = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>The media type of a logout token, and that of tokens whose provider tells none. A token of another type is meant for something else.</summary>
    private static readonly string[] Types = ["logout+jwt", "application/logout+jwt", "JWT"];

    /// <summary>A public key, such as the provider's, must not serve as a shared secret.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxLength, MapInboundClaims = false };

    /// <exception cref="LogoutTokenException">The token is not valid.</exception>
    public async Task<LogoutToken> ValidateAsync(string text, OpenIdConnectOptions options, OpenIdConnectConfiguration provider)
    {
        TokenValidationResult result = await _handler.ValidateTokenAsync(text, ParametersOf(options, provider));
        if (!result.IsValid || result.SecurityToken is not JsonWebToken { InnerToken: null } token)
        {
            throw new LogoutTokenException(result.Exception?.GetType().Name ?? "The token is encrypted.", result.Exception);
        }

        Require(string.IsNullOrEmpty(token.Typ) || Types.Contains(token.Typ, StringComparer.OrdinalIgnoreCase), "typ is of another kind of token");
        using var payload = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        JsonElement claims = payload.RootElement;
        Require(
            claims.TryGetProperty("events", out JsonElement events) && events.ValueKind == JsonValueKind.Object
                && events.TryGetProperty(EventName, out JsonElement logout) && logout.ValueKind == JsonValueKind.Object,
            "events names no logout");
        Require(!claims.TryGetProperty("nonce", out _), "nonce is there, as in an ID token");
        Require(
            claims.TryGetProperty("iat", out JsonElement issued) && issued.ValueKind == JsonValueKind.Number && issued.TryGetInt64(out _)
                && token.IssuedAt <= Now + TokenValidationParameters.DefaultClockSkew,
            "iat is missing or in the future");
        string id = TextOf(claims, "jti") ?? throw new LogoutTokenException("jti is missing");
        (string? subject, string? sessionId) = (TextOf(claims, "sub"), TextOf(claims, "sid"));
        Require(subject is not null || sessionId is not null, "sub and sid are missing");
        return new LogoutToken(token.Issuer, id, subject, sessionId, new DateTimeOffset(token.ValidTo, TimeSpan.Zero));
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private static string? TextOf(JsonElement claims, string name) =>
        !claims.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text
        : throw new LogoutTokenException($"{name} is no text");

    private static void Require(bool condition, string reason)
    {
        if (!condition)
        {
            throw new LogoutTokenException(reason);
        }
    }

    private TokenValidationParameters ParametersOf(OpenIdConnectOptions options, OpenIdConnectConfiguration provider)
    {
        TokenValidationParameters own = options.TokenValidationParameters;
        return new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidIssuers = own.ValidIssuers,
            IssuerValidator = own.IssuerValidator,
            ValidAudience = options.ClientId,
            IssuerSigningKeys = [.. provider.SigningKeys, .. own.IssuerSigningKeys ?? [], .. own.IssuerSigningKey is { } key ? [key] : Array.Empty<SecurityKey>()],
            ValidAlgorithms = own.ValidAlgorithms ?? Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (notBefore, expires, _, parameters) =>
                expires > Now - parameters.ClockSkew && !(notBefore > Now + parameters.ClockSkew),
        };
    }
}
