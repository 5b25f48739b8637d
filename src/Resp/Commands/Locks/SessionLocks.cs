using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Commands.Arguments;
using OrleansSessions.Resp.Configuration;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands.Locks;

/// <summary>
/// Lock keys of session handlers. They look like strings with an expiry and represent the lock in the session's grain, which queues requests.
/// </summary>
internal sealed class SessionLocks(SessionClient client, IOptions<RespOptions> options, TimeProvider time)
{
    public ValueTask<Reply>? GetAsync(RespContext context, SessionAddress address) => ReadAsync(
        context, address, static held => held is null ? Reply.Null : Reply.Bulk(held.Owner));

    public ValueTask<Reply>? TypeAsync(RespContext context, SessionAddress address) => ReadAsync(
        context, address, static held => new SimpleStringReply(held is null ? "none" : "string"));

    public ValueTask<Reply>? TimeToLiveAsync(RespContext context, SessionAddress address, int unitMs) => ReadAsync(
        context, address, held => held is null ? Reply.Integer(-2) : ExpiryReplies.Remaining(held.ExpiresAt - time.GetUtcNow(), unitMs));

    public ValueTask<Reply>? EndTimeAsync(RespContext context, SessionAddress address, int unitMs) => ReadAsync(
        context, address, held => held is null ? Reply.Integer(-2) : ExpiryReplies.End(held.ExpiresAt, unitMs));

    /// <summary>SET with NX acquires the lock, after earlier requests; with XX, it extends the owner's lease.</summary>
    public ValueTask<Reply>? SetAsync(RespContext context, SessionAddress address)
    {
        if (!SetOptions.TryParse(context.Command, 2, time.GetUtcNow(), isGetEx: false, out SetOptions set, out Reply? error))
        {
            return ValueTask.FromResult(error);
        }

        TimeSpan lease = set.Expiry?.IdleTimeout ?? SessionLock.MaxLease;
        return set switch
        {
            { ReturnsOld: true } or { KeepsExpiry: true } => null,
            { OnlyIfAbsent: true } => AcquireAsync(context, address, lease, Reply.Ok, Reply.Null),
            { OnlyIfPresent: true } => OkOrNull(client.ExtendLockAsync(address.Key, context.Command[1].ToArray(), lease, context.Aborted)),
            _ => null,
        };
    }

    public ValueTask<Reply>? SetNxAsync(RespContext context, SessionAddress address) =>
        AcquireAsync(context, address, SessionLock.MaxLease, Reply.One, Reply.Zero);

    public ValueTask<Reply>? ExpireAsync(RespContext context, SessionAddress address, ExpiryUnit unit) =>
        ExpiryTime.TryParse(context.Command[1], unit, time.GetUtcNow(), context.Command.Name, out KeyExpiry lease, out Reply? error)
            ? ExtendAsync(context, address, context.LockOwner, lease.IdleTimeout)
            : ValueTask.FromResult(error);

    /// <summary>Sets the lock's expiry if this owner holds it; null: any owner.</summary>
    public ValueTask<Reply> ExtendAsync(RespContext context, SessionAddress address, byte[]? owner, TimeSpan lease) => lease > TimeSpan.Zero
        ? YesOrNo(client.ExtendLockAsync(address.Key, owner, lease, context.Aborted))
        : ReleaseAsync(context, address, owner);

    /// <summary>Returns the current lock; null: it is free.</summary>
    public ValueTask<SessionLock?> FindAsync(RespContext context, SessionAddress address) => client.GetLockAsync(address.Key, context.Aborted);

    /// <summary>Releases the lock if this owner holds it; null: any owner.</summary>
    public ValueTask<Reply> ReleaseAsync(RespContext context, SessionAddress address, byte[]? owner) =>
        YesOrNo(client.ReleaseLockAsync(address.Key, owner, context.Aborted));

    public async ValueTask<bool> ExistsAsync(RespContext context, SessionAddress address) =>
        await client.GetLockAsync(address.Key, context.Aborted) is not null;

    private async ValueTask<Reply> AcquireAsync(RespContext context, SessionAddress address, TimeSpan lease, Reply yes, Reply no)
    {
        var request = new SessionLockRequest
        {
            OperationId = Guid.NewGuid(),
            Owner = context.Command[1].ToArray(),
            Lease = lease,
            Wait = options.Value.LockWait,
        };
        bool acquired = await client.AcquireLockAsync(address.Key, request, context.Aborted);
        if (acquired && context.Aborted.IsCancellationRequested)
        {
            // The client disconnected while it waited. Keeping the lock would block others until its lease expires.
            await client.ReleaseLockAsync(address.Key, request.Owner, CancellationToken.None);
        }

        return acquired ? yes : no;
    }

    private async ValueTask<Reply> ReadAsync(RespContext context, SessionAddress address, Func<SessionLock?, Reply> reply) =>
        reply(await client.GetLockAsync(address.Key, context.Aborted));

    private static async ValueTask<Reply> OkOrNull(ValueTask<bool> call) => await call ? Reply.Ok : Reply.Null;

    private static async ValueTask<Reply> YesOrNo(ValueTask<bool> call) => await call ? Reply.One : Reply.Zero;
}
