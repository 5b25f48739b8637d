using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Client.TakeOver;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Import;

/// <summary>Takes over what clients ask for and the cluster does not have: strings as the values they are, hashes field by field.</summary>
internal sealed class SessionImport(SessionClient client, IOptions<RespOptions> options, TimeProvider time, ILogger<SessionTakeOver> logger) : IAsyncDisposable
{
    private readonly SessionTakeOver _takeOver = new(options.Value.ImportFrom, client, time, logger);

    /// <inheritdoc cref="SessionTakeOver.TryTakeOverAsync"/>
    public ValueTask<bool> TryTakeOverAsync(SessionAddress address, CancellationToken cancellationToken) =>
        _takeOver.TryTakeOverAsync(address.Name, address.Database, address.Key, address.Namespace, value => Interpret(value, address), cancellationToken);

    /// <inheritdoc cref="SessionTakeOver.OverwriteAsync"/>
    public ValueTask<CommitResult> OverwriteAsync(SessionAddress address, SessionCommit commit, CancellationToken cancellationToken) =>
        _takeOver.OverwriteAsync(address.Name, address.Database, address.Key, commit, cancellationToken);

    /// <inheritdoc cref="SessionTakeOver.RetireAsync"/>
    public ValueTask<bool> RetireAsync(SessionAddress address) => _takeOver.RetireAsync(address.Name, address.Database);

    /// <inheritdoc cref="SessionTakeOver.EndAsync"/>
    public ValueTask<bool> EndAsync(SessionAddress address, CancellationToken cancellationToken) =>
        _takeOver.EndAsync(address.Name, address.Database, address.Key, address.Namespace, value => Interpret(value, address), cancellationToken);

    public ValueTask DisposeAsync() => _takeOver.DisposeAsync();

    private OldSession Interpret(OldValue value, SessionAddress address)
    {
        Payload payload = value.Text is { } text
            ? address.Merges ? Payload.Split(text, options.Value.Limits) : Payload.Whole(text)
            : new Payload(SessionShape.Hash, [.. value.Fields.Select(static field => new SessionEntry { Name = field.Key, Value = field.Value })]);

        // As with any key of Redis, what is left of its time is all it has until a client sets another.
        return new OldSession([.. PayloadDiff.Replace(payload)], new SessionLifetime { IdleTimeout = value.TimeToLive ?? KeyExpiry.None.IdleTimeout });
    }
}
