using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>
/// Revocation of an ended ticket's refresh token at the provider (RFC 7009). The ticket has already ended, so a failure here leaves no user signed in. It leaves a valid
/// token that no process holds any more.
/// </summary>
internal sealed partial class RefreshTokenRevocation(
    IOptionsMonitor<OpenIdConnectOptions> providers, TimeProvider time, ILogger<RefreshTokenRevocation> logger)
{
    private const string RefreshToken = "refresh_token";

    /// <summary>A user waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Revokes the token even if the browser does not wait for it. A failure is logged.</summary>
    public async Task RevokeAsync(string scheme, AuthenticationTicket ticket)
    {
        if (ticket.Properties.GetTokenValue(RefreshToken) is not { Length: > 0 } token)
        {
            return;
        }

        using var timeout = new CancellationTokenSource(Patience, time);
        try
        {
            await RevokeAsync(providers.Get(scheme), token, timeout.Token);
        }
        catch (Exception exception)
        {
            LogNotRevoked(logger, scheme, exception.Message);
        }
    }

    private static async Task RevokeAsync(OpenIdConnectOptions provider, string token, CancellationToken cancellationToken)
    {
        OpenIdConnectConfiguration configuration = await provider.ConfigurationManager!.GetConfigurationAsync(cancellationToken);
        if (string.IsNullOrEmpty(configuration.RevocationEndpoint))
        {
            throw new InvalidOperationException("The provider has no revocation endpoint.");
        }

        Dictionary<string, string> form = new() { ["token"] = token, ["token_type_hint"] = RefreshToken, ["client_id"] = provider.ClientId! };
        if (!string.IsNullOrEmpty(provider.ClientSecret))
        {
            form["client_secret"] = provider.ClientSecret;
        }

        using var content = new FormUrlEncodedContent(form);
        using HttpResponseMessage response = await provider.Backchannel.PostAsync(configuration.RevocationEndpoint, content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    [LoggerMessage(510, LogLevel.Warning, "A refresh token of the scheme {Scheme} was not revoked at the provider. {Reason}")]
    private static partial void LogNotRevoked(ILogger logger, string scheme, string reason);
}
