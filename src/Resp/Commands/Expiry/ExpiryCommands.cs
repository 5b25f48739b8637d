using OrleansSessions.Resp.Commands.Arguments;
using OrleansSessions.Resp.Commands.Locks;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Sessions;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands.Expiry;

/// <summary>Expiry commands. A session's expiry is an idle timeout, restarted by every write and by EXPIRE.</summary>
internal sealed class ExpiryCommands(KeyCommand keyCommand, SessionTransactions transactions, SessionLocks locks, TimeProvider time) : ICommandGroup
{
    private const CommandFlags Write = CommandFlags.Write | CommandFlags.Fast;
    private const CommandFlags Read = CommandFlags.ReadOnly | CommandFlags.Fast;

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        Expire("EXPIRE", ExpiryUnit.Seconds),
        Expire("PEXPIRE", ExpiryUnit.Milliseconds),
        Expire("EXPIREAT", ExpiryUnit.UnixSeconds),
        Expire("PEXPIREAT", ExpiryUnit.UnixMilliseconds),
        keyCommand.Define("PERSIST", 2, Write, static (value, _) => Persist(value)),
        keyCommand.Define("EXPIRETIME", 2, Read, static (value, _) => EndTime(value, 1_000), (context, address) => locks.EndTimeAsync(context, address, 1_000)),
        keyCommand.Define("PEXPIRETIME", 2, Read, static (value, _) => EndTime(value, 1), (context, address) => locks.EndTimeAsync(context, address, 1)),
        keyCommand.Define("TTL", 2, Read, static (value, _) => TimeToLive(value, 1_000), (context, address) => locks.TimeToLiveAsync(context, address, 1_000)),
        keyCommand.Define("PTTL", 2, Read, static (value, _) => TimeToLive(value, 1), (context, address) => locks.TimeToLiveAsync(context, address, 1)),
    ];

    private RespCommandDefinition Expire(string name, ExpiryUnit unit) => keyCommand.Define(
        name,
        -3,
        Write,
        (value, command) => Expire(value, command, name, unit),
        (context, address) => locks.ExpireAsync(context, address, unit),
        (context, address) => TryRefresh(context, address, name, unit));

    /// <summary>Fast path for session handlers: at the end of a request without changes they send EXPIRE, usually with the session's current idle timeout.</summary>
    private ValueTask<Reply>? TryRefresh(RespContext context, SessionAddress address, string name, ExpiryUnit unit) =>
        context.Command.Count == 2
        && ExpiryTime.TryParse(context.Command[1], unit, time.GetUtcNow(), name, out KeyExpiry expiry, out _)
        && expiry is { IdleTimeout.Ticks: > 0, Deadline: null }
            ? transactions.RunAsync(context.Client, address, value => Expire(value, context.Command, name, unit), touch: true)
            : null;

    private static Reply Expire(SessionValue value, RespCommand command, string name, ExpiryUnit unit)
    {
        if (!TryReadConditions(command, out ExpiryConditions conditions, out Reply? error)
            || !ExpiryTime.TryParse(command[1], unit, value.Now, name, out KeyExpiry expiry, out error))
        {
            return error!;
        }

        if (!value.Exists || !IsMet(conditions, value, expiry.IdleTimeout))
        {
            return Reply.Zero;
        }

        value.SetExpiry(expiry);
        return Reply.One;
    }

    private static bool TryReadConditions(RespCommand command, out ExpiryConditions conditions, out Reply? error)
    {
        conditions = ExpiryConditions.None;
        for (int i = 2; i < command.Count; i++)
        {
            ExpiryConditions condition = command.Keyword(i) switch
            {
                "NX" => ExpiryConditions.HasNone,
                "XX" => ExpiryConditions.HasOne,
                "GT" => ExpiryConditions.IsLater,
                "LT" => ExpiryConditions.IsEarlier,
                _ => ExpiryConditions.None,
            };
            if (condition == ExpiryConditions.None)
            {
                error = Reply.Error($"ERR Unsupported option {command.Text(i)}");
                return false;
            }

            conditions |= condition;
        }

        error = conditions.HasFlag(ExpiryConditions.HasNone) && conditions != ExpiryConditions.HasNone
                ? Reply.Error("ERR NX and XX, GT or LT options at the same time are not compatible")
            : conditions.HasFlag(ExpiryConditions.IsLater | ExpiryConditions.IsEarlier)
                ? Reply.Error("ERR GT and LT options at the same time are not compatible")
            : null;
        return error is null;
    }

    private static bool IsMet(ExpiryConditions conditions, SessionValue value, TimeSpan idleTimeout)
    {
        DateTimeOffset wanted = value.Now + idleTimeout;
        return (!conditions.HasFlag(ExpiryConditions.HasNone) || !value.Expiry.Exists)
            && (!conditions.HasFlag(ExpiryConditions.HasOne) || value.Expiry.Exists)
            && (!conditions.HasFlag(ExpiryConditions.IsLater) || (value.Expiry.Exists && wanted > value.ExpiresAt))
            && (!conditions.HasFlag(ExpiryConditions.IsEarlier) || !value.Expiry.Exists || wanted < value.ExpiresAt);
    }

    private static Reply Persist(SessionValue value)
    {
        if (!value.Exists || !value.Expiry.Exists)
        {
            return Reply.Zero;
        }

        value.SetExpiry(KeyExpiry.None);
        return Reply.One;
    }

    private static Reply TimeToLive(SessionValue value, int unitMs) =>
        !value.Exists ? Reply.Integer(-2)
        : !value.Expiry.Exists ? Reply.Integer(-1)
        : ExpiryReplies.Remaining(value.ExpiresAt - value.Now, unitMs);

    private static Reply EndTime(SessionValue value, int unitMs) =>
        !value.Exists ? Reply.Integer(-2)
        : !value.Expiry.Exists ? Reply.Integer(-1)
        : ExpiryReplies.End(value.ExpiresAt, unitMs);
}
