using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Client.TakeOver;
using OrleansSessions.Contracts;
using OrleansSessions.Php;

namespace OrleansSessions.AspNetCore.TakeOver;

/// <summary>
/// Takes the browsers' sessions over from the Redis that kept them before: PHP's, and those of the stock session middleware on RedisCache.
/// </summary>
internal sealed class OldSessions(
    SessionClient client, IOptions<OrleansSessionOptions> options, TimeProvider time, ILogger<SessionTakeOver> logger, IDataProtectionProvider? protection = null)
    : IAsyncDisposable
{
    private const string SlidingExpiry = "sldexp";
    private const string Data = "data";

    /// <summary>The purpose that the stock session middleware protects its cookie for.</summary>
    private const string StockPurpose = "SessionMiddleware";

    private static readonly SessionLimits Limits = new();

    private readonly SessionTakeOver _takeOver = new(options.Value.ImportFrom, client, time, logger);

    /// <summary>Looks for the session that belongs to a token which the cluster does not know.</summary>
    /// <param name="token">The token.</param>
    /// <param name="isStockKey">Whether the stock middleware has taken the token out of its protected cookie.</param>
    /// <param name="key">The session in the cluster.</param>
    /// <param name="newSession">How long a session lives whose old lifetime is not known.</param>
    /// <param name="cancellationToken">Ends the wait for the cluster.</param>
    /// <returns>Whether the cluster has to be asked again.</returns>
    public async ValueTask<bool> TryTakeOverAsync(
        SessionToken token, bool isStockKey, SessionKey key, SessionLifetime newSession, CancellationToken cancellationToken)
    {
        if (!_takeOver.IsConfigured)
        {
            return false;
        }

        (byte[] name, bool isStock) = NameOf(token, isStockKey);
        return await _takeOver.TryTakeOverAsync(
            name,
            null,
            key,
            options.Value.Namespace,
            value => isStock ? ReadStock(value, newSession) : ReadPhp(value, newSession),
            cancellationToken);
    }

    /// <summary>Sees to it that a session which is about to end or to be moved does not come back from the old Redis.</summary>
    /// <inheritdoc cref="TryTakeOverAsync"/>
    public async ValueTask RetireAsync(SessionToken token, bool isStockKey)
    {
        if (_takeOver.IsConfigured)
        {
            await _takeOver.RetireAsync(NameOf(token, isStockKey).Name, null);
        }
    }

    public ValueTask DisposeAsync() => _takeOver.DisposeAsync();

    private static OldSession? ReadPhp(OldValue value, SessionLifetime newSession)
    {
        if (value.Text is not { } text
            || !PhpPayload.TrySplit(text, Limits.MaxEntries, Limits.MaxNameBytes, out PhpHandler handler, out ImmutableArray<SessionEntry> entries))
        {
            return null;
        }

        // The time that the key has left says little of PHP's session.gc_maxlifetime: every request of PHP begins it anew.
        SessionShape shape = handler == PhpHandler.Php ? SessionShape.Php : SessionShape.PhpSerialize;
        return new OldSession(
            [.. entries.Select(static entry => SessionChange.Set(entry.Name, entry.Value, entry.Format)), SessionChange.SetShape(shape)], newSession);
    }

    private static OldSession? ReadStock(OldValue value, SessionLifetime newSession)
    {
        Dictionary<string, byte[]> fields = value.Fields.ToDictionary();
        if (!fields.TryGetValue(Data, out byte[]? data) || !StockSessionFormat.TryRead(data, out List<SessionChange>? changes))
        {
            return null;
        }

        long ticks = 0;
        bool slides = fields.TryGetValue(SlidingExpiry, out byte[]? sliding) && long.TryParse(sliding, CultureInfo.InvariantCulture, out ticks) && ticks > 0;
        return new OldSession(changes, slides ? newSession with { IdleTimeout = TimeSpan.FromTicks(ticks) } : newSession);
    }

    /// <summary>The key in the old Redis, and whether it may hold a session of the stock middleware. PHP's ids need no protection; the stock middleware's do.</summary>
    private (byte[] Name, bool IsStock) NameOf(SessionToken token, bool isStockKey)
    {
        string? stockKey = isStockKey ? token.Value : StockKey(token);
        return (Encoding.UTF8.GetBytes((options.Value.ImportPrefix ?? options.Value.Namespace) + (stockKey ?? token.Value)), stockKey is not null);
    }

    /// <summary>The session key in the stock middleware's cookie; null if it is no such cookie, or protected with other keys.</summary>
    private string? StockKey(SessionToken token)
    {
        if (protection is null)
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(protection.CreateProtector(StockPurpose).Unprotect(Base64Url.DecodeFromChars(token.Value)));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
