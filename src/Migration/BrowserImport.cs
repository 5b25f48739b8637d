using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Php;

namespace OrleansSessions.Migration;

/// <summary>Import of sessions named by browsers' cookies: PHP's, and those of the stock session middleware on RedisCache.</summary>
public sealed partial class BrowserImport : IAsyncDisposable
{
    /// <summary>The Data Protection purpose of the stock session middleware's cookie.</summary>
    private const string StockPurpose = "SessionMiddleware";

    private static readonly SessionLimits Limits = new();

    private readonly SessionImport _import;
    private readonly BrowserSource _source;
    private readonly IDataProtectionProvider? _protection;
    private readonly ILogger _logger;

    /// <param name="source">The old store.</param>
    /// <param name="client">The cluster.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log for outages of the old Redis.</param>
    /// <param name="protection">Decrypts the stock session middleware's cookies; null: only PHP's sessions are imported.</param>
    public BrowserImport(BrowserSource source, SessionClient client, TimeProvider time, ILogger<SessionImport> logger, IDataProtectionProvider? protection)
    {
        ArgumentNullException.ThrowIfNull(source);
        _source = source;
        _import = new SessionImport(source.Redis, client, time, logger);
        _protection = protection;
        _logger = logger;
    }

    /// <summary>Looks for the session of a token that is not in the cluster.</summary>
    /// <param name="token">The token.</param>
    /// <param name="isStockKey">Whether the token comes from the stock middleware's protected cookie.</param>
    /// <param name="key">The session in the cluster.</param>
    /// <param name="newSession">The lifetime of a session whose old lifetime is unknown.</param>
    /// <param name="cancellationToken">Ends the wait for the cluster.</param>
    /// <returns>Whether to load the session from the cluster again.</returns>
    /// <exception cref="SessionUnavailableException">As in <see cref="SessionImport.TryImportAsync"/>.</exception>
    public async ValueTask<bool> TryImportAsync(
        SessionToken token, bool isStockKey, SessionKey key, SessionLifetime newSession, CancellationToken cancellationToken)
    {
        if (!_import.IsConfigured || token.HasSecret)
        {
            // Older stores made no tokens with a secret part.
            return false;
        }

        (byte[] name, bool isStock) = NameOf(token, isStockKey);
        return await _import.TryImportAsync(
            name,
            null,
            key,
            _source.Namespace,
            value => isStock ? StockSessionFormat.Read(value, newSession) : ReadPhp(value, newSession),
            cancellationToken);
    }

    /// <summary>Ensures that a session about to end or to be moved cannot come back from the old Redis.</summary>
    /// <param name="token">The token.</param>
    /// <param name="isStockKey">Whether the token comes from the stock middleware's protected cookie.</param>
    /// <exception cref="SessionUnavailableException">As in <see cref="SessionImport.RetireAsync"/>.</exception>
    public async ValueTask RetireAsync(SessionToken token, bool isStockKey)
    {
        if (_import.IsConfigured && !token.HasSecret)
        {
            await _import.RetireAsync(NameOf(token, isStockKey).Name, null);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _import.DisposeAsync();

    private static ImportedSession? ReadPhp(OldValue value, SessionLifetime newSession)
    {
        if (value.Text is not { } text
            || !PhpPayload.TrySplit(text, Limits.MaxEntries, Limits.MaxNameBytes, out PhpHandler handler, out ImmutableArray<SessionEntry> entries))
        {
            return null;
        }

        // The key's remaining time does not reveal PHP's session.gc_maxlifetime: every PHP request restarts it.
        SessionShape shape = handler == PhpHandler.Php ? SessionShape.Php : SessionShape.PhpSerialize;
        return new ImportedSession(
            [.. entries.Select(static entry => SessionChange.Set(entry.Name, entry.Value, entry.Format)), SessionChange.SetShape(shape)], newSession);
    }

    /// <summary>Returns the key in the old Redis, and whether it may hold a session of the stock middleware. PHP's ids need no protection; the stock middleware's do.</summary>
    private (byte[] Name, bool IsStock) NameOf(SessionToken token, bool isStockKey)
    {
        string? stockKey = isStockKey ? token.Value : StockKey(token);
        return (Encoding.UTF8.GetBytes(_source.Prefix + (stockKey ?? token.Value)), stockKey is not null);
    }

    /// <summary>Returns the session key in the stock middleware's cookie; null if it is not such a cookie, or is protected with other keys.</summary>
    private string? StockKey(SessionToken token)
    {
        if (_protection is null)
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(_protection.CreateProtector(StockPurpose).Unprotect(Base64Url.DecodeFromChars(token.Value)));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            // A token of PHP or of the cluster, or the application lacks the keys that the stock middleware had.
            LogNotProtected(_logger, exception.GetType().Name);
            return null;
        }
    }

    [LoggerMessage(602, LogLevel.Debug, "A token of an unknown session is no cookie of the stock session middleware, or was protected with other keys ({Reason}).")]
    private static partial void LogNotProtected(ILogger logger, string reason);
}
