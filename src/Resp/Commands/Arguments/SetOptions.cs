using System.Diagnostics.CodeAnalysis;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands.Arguments;

/// <summary>The options of SET, and those of them that GETEX has.</summary>
internal readonly record struct SetOptions
{
    public bool OnlyIfAbsent { get; private init; }

    public bool OnlyIfPresent { get; private init; }

    public bool ReturnsOld { get; private init; }

    public bool KeepsExpiry { get; private init; }

    /// <summary>GETEX only: the key shall not end by itself.</summary>
    public bool RemovesExpiry { get; private init; }

    /// <summary>The expiry; null: none was given.</summary>
    public KeyExpiry? Expiry { get; private init; }

    /// <summary>Reads the options that begin at an argument.</summary>
    public static bool TryParse(RespCommand command, int start, DateTimeOffset now, bool isGetEx, out SetOptions options, [NotNullWhen(false)] out Reply? error)
    {
        options = default;
        (ReadOnlyMemory<byte> Text, ExpiryUnit Unit)? expiry = null;
        string? expiryOption = null;
        for (int i = start; i < command.Count; i++)
        {
            bool hasNext = i + 1 < command.Count;
            string option = command.Keyword(i);

            // Of the options about the expiry one may be given; as often as one likes.
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

    /// <summary>Reads an expiry time that has to be positive as it stands, though an absolute one may have passed.</summary>
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

    /// <summary>Gives a value that was just written its expiry.</summary>
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
