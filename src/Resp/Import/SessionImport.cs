using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Client.TakeOver;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Hosting;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Sessions;

namespace OrleansSessions.Resp.Import;

/// <summary>Takes over what clients ask for and the cluster does not have: strings as the values they are, hashes field by field.</summary>
internal sealed class SessionImport(SessionClient client, IOptions<RespOptions> options) : IAsyncDisposable
{
    private readonly OldRedis _old = new(options.Value.ImportFrom);

    /// <summary>Takes a session over that is not in the cluster.</summary>
    /// <returns>Whether the cluster has to be asked again.</returns>
    public ValueTask<bool> TryTakeOverAsync(SessionAddress address, CancellationToken cancellationToken) => _old.IsConfigured
        ? new SessionTakeOver(_old, client).TryTakeOverAsync(address.Name, address.Database, address.Key, address.Namespace, Interpret, cancellationToken)
        : ValueTask.FromResult(false);

    /// <summary>Sees to it that a session is not taken over any more: the cluster has it, or has ended it.</summary>
    /// <returns>False: the old Redis had none.</returns>
    public ValueTask<bool> RetireAsync(SessionAddress address) => _old.IsConfigured
        ? new SessionTakeOver(_old, client).RetireAsync(address.Name, address.Database)
        : ValueTask.FromResult(false);

    public ValueTask DisposeAsync() => _old.DisposeAsync();

    private OldSession Interpret(OldValue value)
    {
        Payload payload = value.Text is { } text
            ? Payload.Split(text, options.Value.Limits)
            : new Payload(SessionShape.Hash, [.. value.Fields.Select(static field => new SessionEntry { Name = field.Key, Value = field.Value })]);
        return new OldSession([.. PayloadDiff.Replace(payload)], value.TimeToLive ?? KeyValue.NoExpiry);
    }
}
