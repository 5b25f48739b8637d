using System.Diagnostics.CodeAnalysis;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands.Arguments;

/// <summary>Options of SET; GETEX has some of them.</summary>
internal readonly record struct SetOptions
{
    public bool OnlyIfAbsent { get; private init; }

    public bool OnlyIfPresent { get; private init; }

    public bool ReturnsOld { get; private init; }

    public bool KeepsExpiry { get; private init; }

    /// <summary>GETEX only: remove the key's expiry.</summary>
    public bool RemovesExpiry { get; private init; }

    /// <summary>The expiry; null: not given.</summary>
    public KeyExpiry? Expiry { get; private init; }

    /// <summary>Parses the options from an argument on.</summary>
    public static bool TryParse(RespCommand command, int start, DateTimeOffset now, bool isGetEx, out SetOptions options, [NotNullWhen(false)] out Reply? error)
    {
        options = default;
        (ReadOnlyMemory<byte> Text, ExpiryUnit Unit)? expiry = null;
        string? expiryOption = null;
        for (int i = start; i < command.Count; i++)
        {
            bool hasNext = i + 1 < command.Count;
            string option = command.Keyword(i);

            // Only one of the expiry options is allowed, but it may be repeated.
            bool isFree = expiryOption is null || expiryOption == option;
            switch (option)
            {
                case "NX" when !isGetEx && !options.OnlyIfPresent:
                    options = options with { OnlyIfAbsent = true };
                    break;
                case "XX" when !isGetEx && !options.OnlyIfAbsent:
                    options = options with { OnlyIfPresent = true };
                    break;
                case "GET" when !isGetEx:
                    options = options with { ReturnsOld = true };
                    break;
                case "KEEPTTL" when !isGetEx && isFree:
                    expiryOption = option;
                    options = options with { KeepsExpiry = true };
                    break;
                case "PERSIST" when isGetEx && isFree:
                    expiryOption = option;
                    options = options with { RemovesExpiry = true };
                    break;
                case "EX" or "PX" or "EXAT" or "PXAT" when isFree && hasNext:
                    expiryOption = option;
                    expiry = (command[++i], UnitOf(option));
                    break;
                default:
                    error = Reply.SyntaxError;
                    return false;
            }
        }

        error = null;
        if (expiry is { } given)
        {
            if (!TryParsePositive(given.Text, given.Unit, now, command.Name, out KeyExpiry time, out error))
            {
                return false;
            }

            options = options with { Expiry = time };
        }

        return true;
    }

    /// <summary>Parses an expiry time whose number must be positive; an absolute time may have passed.</summary>
    public static bool TryParsePositive(
        ReadOnlyMemory<byte> text, ExpiryUnit unit, DateTimeOffset now, string command, out KeyExpiry expiry, [NotNullWhen(false)] out Reply? error)
    {
        if (!ExpiryTime.TryParse(text, unit, now, command, out expiry, out error))
        {
            return false;
        }

        _ = CanonicalInteger.TryParse(text.Span, out long number);
        error = number > 0 ? null : ExpiryTime.Invalid(command);
        return error is null;
    }

    /// <summary>Applies the expiry to a value just written.</summary>
    public void ApplyTo(SessionValue value)
    {
        if (!KeepsExpiry)
        {
            value.SetExpiry(Expiry ?? KeyExpiry.None);
        }
    }

    private static ExpiryUnit UnitOf(string option) => option switch
    {
        "EX" => ExpiryUnit.Seconds,
        "PX" => ExpiryUnit.Milliseconds,
        "EXAT" => ExpiryUnit.UnixSeconds,
        _ => ExpiryUnit.UnixMilliseconds,
    };
}
