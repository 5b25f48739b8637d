using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>
/// Signing keys of the providers. ASP.NET Core's configuration manager fetches changed keys in the background, after a token has already been refused. A logout token is sent
/// once, so the first one after a change of keys has to wait for them instead.
/// </summary>
internal sealed class ProviderKeys(TimeProvider time)
{
    /// <summary>The time between two fetches. Any client can send tokens of unknown keys, and must not make this process call the provider each time.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Fetch> _fetches = new(StringComparer.Ordinal);

    /// <summary>Returns the provider's configuration as it was known.</summary>
    /// <exception cref="SessionUnavailableException">The provider does not answer.</exception>
    public static Task<OpenIdConnectConfiguration> FindAsync(OpenIdConnectOptions provider, CancellationToken cancellationToken) =>
        ReadAsync(() => provider.ConfigurationManager!.GetConfigurationAsync(cancellationToken));

    /// <summary>Returns the provider's configuration as of now, or of at most <see cref="RefreshInterval"/> ago; null: its keys are fixed by the application.</summary>
    /// <exception cref="SessionUnavailableException">The provider does not answer.</exception>
    public async Task<OpenIdConnectConfiguration?> RefreshAsync(string scheme, OpenIdConnectOptions provider, CancellationToken cancellationToken)
    {
        if (provider.ConfigurationManager is not ConfigurationManager<OpenIdConnectConfiguration> || string.IsNullOrEmpty(provider.MetadataAddress))
        {
            return null;
        }

        // Requests that meet the new keys at the same time share one fetch.
        Fetch fetch = _fetches.AddOrUpdate(
            scheme, static (_, start) => start(), (_, last, start) => time.GetElapsedTime(last.StartedAt) < RefreshInterval ? last : start(), () => Start(provider));
        return await ReadAsync(() => fetch.Configuration.Value.WaitAsync(cancellationToken));
    }

    private Fetch Start(OpenIdConnectOptions provider) => new(
        time.GetTimestamp(),
        new Lazy<Task<OpenIdConnectConfiguration>>(() =>
        {
            // Sign-ins need the new keys too.
            provider.ConfigurationManager!.RequestRefresh();
            return OpenIdConnectConfigurationRetriever.GetAsync(
                provider.MetadataAddress!, new HttpDocumentRetriever(provider.Backchannel) { RequireHttps = provider.RequireHttpsMetadata }, CancellationToken.None);
        }));

    private static async Task<OpenIdConnectConfiguration> ReadAsync(Func<Task<OpenIdConnectConfiguration>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or HttpRequestException)
        {
            throw new SessionUnavailableException("The provider's configuration can't be read, so its signature can't be checked.", exception);
        }
    }

    private sealed record Fetch(long StartedAt, Lazy<Task<OpenIdConnectConfiguration>> Configuration);
}
