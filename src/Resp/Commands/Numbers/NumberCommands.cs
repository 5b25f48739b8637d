using System.Text;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Commands.Hashes;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Sessions;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands.Numbers;

/// <summary>Numeric commands on values and fields. The grain adds integers itself, so that concurrent clients never conflict.</summary>
internal sealed class NumberCommands(KeyCommand keyCommand, SessionTransactions transactions, SessionWrites writes) : ICommandGroup
{
    private const CommandFlags Write = CommandFlags.Write | CommandFlags.Fast;

    private static readonly Reply Overflow = Reply.Error("ERR increment or decrement would overflow");
    private static readonly Reply DecrementOverflow = Reply.Error("ERR decrement would overflow");
    private static readonly Reply FieldNotAnInteger = Reply.Error("ERR hash value is not an integer");
    private static readonly Reply NotAFloat = Reply.Error("ERR value is not a valid float");
    private static readonly Reply FieldNotAFloat = Reply.Error("ERR hash value is not a float");
    private static readonly Reply NotFinite = Reply.Error("ERR increment would produce NaN or Infinity");
    private static readonly Reply IncrementNotFinite = Reply.Error("ERR value is NaN or Infinity");

    /// <summary>Parses the increment of a command. Returns the error; null: success.</summary>
    private delegate Reply? Increment(RespCommand command, out long by);

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        OfValue("INCR", 2, static (RespCommand _, out long by) => Constant(1, out by)),
        OfValue("DECR", 2, static (RespCommand _, out long by) => Constant(-1, out by)),
        OfValue("INCRBY", 3, static (RespCommand command, out long by) => CanonicalInteger.TryParse(command[1].Span, out by) ? null : Reply.NotAnInteger),
        OfValue("DECRBY", 3, Negated),
        keyCommand.Define("INCRBYFLOAT", 3, Write, static (value, command) => AddFloat(value, command[1].Span)),
        keyCommand.Define("HINCRBY", 4, Write, static (value, command) => AddToField(value, command), shortcut: TryAddToField, fieldwise: true),
        keyCommand.Define("HINCRBYFLOAT", 4, Write, static (value, command) => AddFloatToField(value, command), fieldwise: true),
    ];

    private RespCommandDefinition OfValue(string name, int arity, Increment increment) => keyCommand.Define(
        name,
        arity,
        Write,
        (value, command) => increment(command, out long by) ?? Add(value, by),
        shortcut: (context, address) => increment(context.Command, out long by) is null
            ? AddAsync(context, address, null, by, value => Add(value, by))
            : null);

    private ValueTask<Reply>? TryAddToField(RespContext context, SessionAddress address) =>
        CanonicalInteger.TryParse(context.Command[2].Span, out long by) && HashFields.Name(context.Command[1]) is { } field
            ? AddAsync(context, address, field, by, value => AddToField(value, context.Command))
            : null;

    private async ValueTask<Reply> AddAsync(RespContext context, SessionAddress address, string? field, long by, Func<SessionValue, Reply> operation) =>
        await writes.TryAddAsync(context.Client, address, field, by) ?? await transactions.RunAsync(context.Client, address, operation);

    private static Reply? Constant(long number, out long by)
    {
        by = number;
        return null;
    }

    private static Reply? Negated(RespCommand command, out long by)
    {
        bool isNumber = CanonicalInteger.TryParse(command[1].Span, out by);
        Reply? error = !isNumber ? Reply.NotAnInteger : by == long.MinValue ? DecrementOverflow : null;
        by = unchecked(-by);
        return error;
    }

    private static Reply Add(SessionValue value, long by)
    {
        if (value.IsHash)
        {
            return Reply.WrongType;
        }

        long number = 0;
        if (value.Exists && !CanonicalInteger.TryParse(value.Peek().Span, out number))
        {
            return Reply.NotAnInteger;
        }

        if (!CanonicalInteger.TryAdd(number, by, out long sum))
        {
            return Overflow;
        }

        value.Overwrite(CanonicalInteger.Write(sum));
        return Reply.Integer(sum);
    }

    private static Reply AddToField(SessionValue value, RespCommand command)
    {
        if (!CanonicalInteger.TryParse(command[2].Span, out long by))
        {
            return Reply.NotAnInteger;
        }

        if (HashFields.RefuseWrite(value, command[1]) is { } error)
        {
            return error;
        }

        string field = command.Text(1);
        long number = 0;
        if (value.FindField(field) is { } entry && !CanonicalInteger.TryParse(entry.Value, out number))
        {
            return FieldNotAnInteger;
        }

        if (!CanonicalInteger.TryAdd(number, by, out long sum))
        {
            return Overflow;
        }

        value.SetField(field, CanonicalInteger.Write(sum));
        return Reply.Integer(sum);
    }

    private static Reply AddFloat(SessionValue value, ReadOnlySpan<byte> increment)
    {
        if (value.IsHash)
        {
            return Reply.WrongType;
        }

        LongDouble number = LongDouble.Zero;
        if ((value.Exists && !LongDouble.TryParse(value.Peek().Span, out number)) || !LongDouble.TryParse(increment, out LongDouble by))
        {
            return NotAFloat;
        }

        LongDouble sum = number + by;
        if (!sum.IsFinite)
        {
            return NotFinite;
        }

        byte[] text = Encoding.ASCII.GetBytes(sum.ToString());
        value.Overwrite(text);
        return Reply.Bulk(text);
    }

    private static Reply AddFloatToField(SessionValue value, RespCommand command)
    {
        if (!LongDouble.TryParse(command[2].Span, out LongDouble by))
        {
            return NotAFloat;
        }

        if (!by.IsFinite)
        {
            return IncrementNotFinite;
        }

        if (HashFields.RefuseWrite(value, command[1]) is { } error)
        {
            return error;
        }

        string field = command.Text(1);
        LongDouble number = LongDouble.Zero;
        if (value.FindField(field) is { } entry && !LongDouble.TryParse(entry.Value, out number))
        {
            return FieldNotAFloat;
        }

        LongDouble sum = number + by;
        if (!sum.IsFinite)
        {
            return NotFinite;
        }

        byte[] text = Encoding.ASCII.GetBytes(sum.ToString());
        value.SetField(field, text);
        return Reply.Bulk(text);
    }
}
