using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Migration;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Sessions;

/// <summary>Import of sessions that clients request and the cluster lacks: strings as values, hashes field by field.</summary>
internal sealed class KeyImport(SessionClient client, IOptions<RespOptions> options, TimeProvider time, ILogger<SessionImport> logger) : IAsyncDisposable
{
    private readonly SessionImport _import = new(options.Value.ImportFrom, client, time, logger);

    /// <inheritdoc cref="SessionImport.TryImportAsync"/>
    public ValueTask<bool> TryImportAsync(SessionAddress address, CancellationToken cancellationToken) =>
        _import.TryImportAsync(address.Name, address.Database, address.Key, address.Namespace, value => Interpret(value, address), cancellationToken);

    /// <inheritdoc cref="SessionImport.OverwriteAsync"/>
    public ValueTask<CommitResult> OverwriteAsync(SessionAddress address, SessionCommit commit, CancellationToken cancellationToken) =>
        _import.OverwriteAsync(address.Name, address.Database, address.Key, commit, cancellationToken);

    /// <inheritdoc cref="SessionImport.RetireAsync"/>
    public ValueTask<bool> RetireAsync(SessionAddress address) => _import.RetireAsync(address.Name, address.Database);

    /// <inheritdoc cref="SessionImport.EndAsync"/>
    public ValueTask<bool> EndAsync(SessionAddress address, CancellationToken cancellationToken) =>
        _import.EndAsync(address.Name, address.Database, address.Key, address.Namespace, value => Interpret(value, address), cancellationToken);

    public ValueTask DisposeAsync() => _import.DisposeAsync();

    private ImportedSession Interpret(OldValue value, SessionAddress address)
    {
        Payload payload = value.Text is { } text
            ? address.Merges ? Payload.Split(text, options.Value.Limits) : Payload.Whole(text)
            : new Payload(SessionShape.Hash, [.. value.Fields.Select(static field => new SessionEntry { Name = field.Key, Value = field.Value })]);

        // As with any Redis key, the remaining time applies until a client sets another.
        return new ImportedSession([.. PayloadDiff.Replace(payload)], new SessionLifetime { IdleTimeout = value.TimeToLive ?? KeyExpiry.None.IdleTimeout });
    }
}
