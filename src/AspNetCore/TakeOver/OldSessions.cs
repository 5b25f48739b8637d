using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Client.TakeOver;
using OrleansSessions.Contracts;
using OrleansSessions.Php;

namespace OrleansSessions.AspNetCore.TakeOver;

/// <summary>
/// Takes the browsers' sessions over from the Redis that kept them before: PHP's, and those of the stock session middleware on RedisCache.
/// </summary>
internal sealed class OldSessions(SessionClient client, IOptions<OrleansSessionOptions> options, IDataProtectionProvider? protection = null) : IAsyncDisposable
{
    private const string SlidingExpiry = "sldexp";
    private const string Data = "data";

    /// <summary>The purpose that the stock session middleware protects its cookie for.</summary>
    private const string StockPurpose = "SessionMiddleware";

    private static readonly SessionLimits Limits = new();

    private readonly SessionTakeOver _takeOver = new(options.Value.ImportFrom, client);

    /// <summary>Looks for the session that belongs to a token which the cluster does not know.</summary>
    /// <returns>Whether the cluster has to be asked again.</returns>
    public async ValueTask<bool> TryTakeOverAsync(SessionToken token, SessionKey key, CancellationToken cancellationToken)
    {
        if (!_takeOver.IsConfigured)
        {
            return false;
        }

        string sessionNamespace = options.Value.Namespace;
        byte[] name = Encoding.UTF8.GetBytes((options.Value.ImportPrefix ?? sessionNamespace) + (StockSessionId(token) ?? token.Value));
        return await _takeOver.TryTakeOverAsync(name, null, key, sessionNamespace, Interpret, cancellationToken);
    }

    public ValueTask DisposeAsync() => _takeOver.DisposeAsync();

    /// <summary>The session id in the stock middleware's cookie; null if it is no such cookie, or protected with other keys.</summary>
    private string? StockSessionId(SessionToken token)
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

    private OldSession? Interpret(OldValue value)
    {
        if (value.Text is { } text)
        {
            return PhpPayload.TrySplit(text, Limits.MaxEntries, Limits.MaxNameBytes, out PhpHandler handler, out ImmutableArray<SessionEntry> entries)
                ? new OldSession(
                    [
                        .. entries.Select(static entry => SessionChange.Set(entry.Name, entry.Value, entry.Format)),
                        SessionChange.SetShape(handler == PhpHandler.Php ? SessionShape.Php : SessionShape.PhpSerialize),
                    ],
                    value.TimeToLive ?? SessionLifetime.Max)
                : null;
        }

        Dictionary<string, byte[]> fields = value.Fields.ToDictionary();
        if (!fields.TryGetValue(Data, out byte[]? data) || !StockSessionFormat.TryRead(data, out List<SessionChange>? changes))
        {
            return null;
        }

        long ticks = 0;
        bool slides = fields.TryGetValue(SlidingExpiry, out byte[]? sliding) && long.TryParse(sliding, CultureInfo.InvariantCulture, out ticks) && ticks > 0;
        return new OldSession(changes, slides ? TimeSpan.FromTicks(ticks) : value.TimeToLive ?? SessionLifetime.Max);
    }
}
