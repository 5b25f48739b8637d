using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OrleansSessions.AspNetCore.Tests.Applications;
using Xunit;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OrleansSessions.AspNetCore.OpenIdConnect.Tests;

/// <summary>OpenID provider in this process: OpenIddict's server. Every visitor is signed in as <see cref="Subject"/>, in the session <see cref="SessionId"/>.</summary>
internal sealed class Provider : IAsyncDisposable
{
    public const string Issuer = "https://provider.example/";
    public const string ClientId = "shop";
    public const string ClientSecret = "a secret of the shop";

    public const string KeyId = "provider-key";

    // Made once, because it takes long.
    private static readonly RsaSecurityKey Key = new(RSA.Create(2048)) { KeyId = KeyId };

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _revoked = [];
    private readonly Channel<string> _news = Channel.CreateUnbounded<string>();
    private int _keyRequests;

    private Provider(WebApplication app)
    {
        _app = app;
    }

    public static SigningCredentials Credentials { get; } = new(Key, SecurityAlgorithms.RsaSha256);

    public string Subject { get; } = $"ada-{Guid.NewGuid():N}";

    public string SessionId { get; set; } = $"first-session-{Guid.NewGuid():N}";

    public DateTimeOffset AuthenticatedAt { get; set; } = DateTimeOffset.UtcNow;

    /// <summary>The greatest age of the authentication that the last authorization request allows, in seconds; null: any.</summary>
    public long? RequestedMaxAge { get; private set; }

    /// <summary>Whether it asks the visitor again if the authentication is older than the request allows.</summary>
    public bool ObeysMaxAge { get; set; } = true;

    public IReadOnlyCollection<string> RevokedTokens => _revoked;

    /// <summary>Delays the answers to revocations.</summary>
    public Task RevocationGate { get; set; } = Task.CompletedTask;

    /// <summary>How often its keys were asked for.</summary>
    public int KeyRequests => _keyRequests;

    public static async Task<Provider> StartAsync()
    {
        Provider? provider = null;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer(static server => server.BaseAddress = new Uri(Issuer));
        builder.Services.AddRouting();
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetIssuer(Issuer);
            server.SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token").SetRevocationEndpointUris("connect/revoke");
            server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow();
            server.RegisterScopes(Scopes.OfflineAccess, Scopes.Profile);
            server.AddEncryptionKey(new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32))).AddSigningKey(Key);
            server.EnableDegradedMode();
            server.UseAspNetCore();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(static handler => handler.UseInlineHandler(static _ => default));
            server.AddEventHandler<ValidateTokenRequestContext>(static handler => handler.UseInlineHandler(static context => Authenticate(context, context.ClientSecret)));
            server.AddEventHandler<ValidateRevocationRequestContext>(static handler => handler.UseInlineHandler(static context => Authenticate(context, context.ClientSecret)));
            server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                provider!.Authenticate(context.Request.MaxAge);
                context.SignIn(provider.PrincipalOf(context.Request));
                return default;
            }));
            server.AddEventHandler<HandleRevocationRequestContext>(handler => handler.UseInlineHandler(async context =>
            {
                await provider!.RevocationGate;
                provider._revoked.Enqueue(context.Request.Token!);
                provider._news.Writer.TryWrite(context.Request.Token!);
            }));
        });
        WebApplication app = builder.Build();
        app.Use((context, next) =>
        {
            if (context.Request.Path.Value!.EndsWith("/jwks", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref provider!._keyRequests);
            }

            return next(context);
        });
        app.UseRouting();
        app.UseAuthentication();
        provider = new Provider(app);
        await app.StartAsync();
        return provider;
    }

    /// <summary>The way of the application to the provider.</summary>
    public HttpMessageHandler CreateHandler() => _app.GetTestServer().CreateHandler();

    public Browser NewBrowser() => new(new Uri(Issuer), CreateHandler());

    /// <summary>Waits for the next token that is revoked.</summary>
    public async Task<string> NextRevokedAsync() => await _news.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Replaces the key that it signs with.</summary>
    public SigningCredentials ChangeKey()
    {
        var changed = new SigningCredentials(new RsaSecurityKey(RSA.Create(2048)) { KeyId = "changed-key" }, SecurityAlgorithms.RsaSha256);
        List<SigningCredentials> credentials = _app.Services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>().CurrentValue.SigningCredentials;
        credentials.Clear();
        credentials.Add(changed);
        return changed;
    }

    /// <summary>A valid logout token, which the test may spoil.</summary>
    /// <param name="spoil">Changes the token before it is signed.</param>
    /// <param name="claims">Changes the claims.</param>
    public string LogoutToken(Action<SecurityTokenDescriptor>? spoil = null, Action<Dictionary<string, object>>? claims = null)
    {
        DateTime now = DateTime.UtcNow;
        Dictionary<string, object> content = new()
        {
            [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString(),
            [JwtRegisteredClaimNames.Sub] = Subject,
            ["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new Dictionary<string, object>() },
        };
        claims?.Invoke(content);
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = ClientId,
            IssuedAt = now,
            Expires = now.AddMinutes(2),
            TokenType = "logout+jwt",
            Claims = content,
            SigningCredentials = Credentials,
        };
        spoil?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static ValueTask Authenticate(BaseValidatingContext context, string? secret)
    {
        if (secret != ClientSecret)
        {
            context.Reject(Errors.InvalidClient);
        }

        return default;
    }

    private void Authenticate(long? maxAge)
    {
        RequestedMaxAge = maxAge;
        if (ObeysMaxAge && DateTimeOffset.UtcNow - AuthenticatedAt > TimeSpan.FromSeconds(maxAge ?? uint.MaxValue))
        {
            AuthenticatedAt = DateTimeOffset.UtcNow;
        }
    }

    private ClaimsPrincipal PrincipalOf(OpenIddictRequest request)
    {
        var identity = new ClaimsIdentity("OpenIddict");
        identity.SetClaim(Claims.Subject, Subject);
        identity.SetClaim("sid", SessionId);
        identity.SetClaim(Claims.AuthenticationTime, AuthenticatedAt.ToUnixTimeSeconds());
        identity.SetScopes(request.GetScopes());
        identity.SetDestinations(static _ => [Destinations.IdentityToken]);
        return new ClaimsPrincipal(identity);
    }
}
