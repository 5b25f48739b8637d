using System.Collections.Immutable;
using OrleansSessions.Contracts;
using OrleansSessions.Php;

namespace OrleansSessions.Resp.Values;

/// <summary>Session as the one value that clients store under its key.</summary>
/// <param name="Shape">How the entries form the value.</param>
/// <param name="Entries">The entries.</param>
internal sealed record Payload(SessionShape Shape, ImmutableArray<SessionEntry> Entries)
{
    /// <summary>Entry name of the value of a <see cref="SessionShape.Blob"/>; no application can use it.</summary>
    public const string BlobName = "";

    /// <summary>The name in earlier versions.</summary>
    private const string FormerBlobName = "payload";

    private static readonly SessionLimits Unlimited = new() { MaxEntries = int.MaxValue, MaxNameBytes = int.MaxValue };

    /// <summary>The entry with the value of a <see cref="SessionShape.Blob"/>.</summary>
    public SessionEntry? Blob => Entries.Find(BlobName) ?? Entries.Find(FormerBlobName);

    /// <summary>Keeps a value whole.</summary>
    public static Payload Whole(ReadOnlyMemory<byte> value) =>
        new(SessionShape.Blob, [new SessionEntry { Name = BlobName, Value = value.ToArray() }]);

    /// <summary>Splits a value if it is a PHP session that can be joined again byte for byte; otherwise keeps it whole.</summary>
    public static Payload Split(ReadOnlyMemory<byte> value, SessionLimits limits) =>
        PhpPayload.TrySplit(value.Span, limits.MaxEntries, limits.MaxNameBytes, out PhpHandler handler, out ImmutableArray<SessionEntry> entries)
            ? new Payload(handler == PhpHandler.Php ? SessionShape.Php : SessionShape.PhpSerialize, entries)
            : Whole(value);

    /// <summary>
    /// Whether a client's unchanged value needs no write, given the current session. If it is stored entry by entry, other clients may have changed entries since,
    /// and their changes stay; if it is kept whole, it must equal the client's value.
    /// </summary>
    public bool HasAllOf(Payload unchanged) =>
        unchanged.Shape != SessionShape.Blob || (Shape == SessionShape.Blob && Blob is { } blob && blob.Value.AsSpan().SequenceEqual(unchanged.Blob!.Value));

    /// <summary>Joins the entries.</summary>
    /// <param name="handlerOfEntries">The format in which PHP sees a session that was written entry by entry.</param>
    public ReadOnlyMemory<byte> Join(PhpHandler handlerOfEntries) => Shape switch
    {
        SessionShape.Blob => Blob?.Value ?? [],
        SessionShape.Php => PhpPayload.Join(PhpHandler.Php, Entries),
        SessionShape.PhpSerialize => PhpPayload.Join(PhpHandler.PhpSerialize, Entries),
        _ => PhpPayload.Join(handlerOfEntries, Entries),
    };

    /// <summary>
    /// Returns the payload as shown to a client: without the entries that its format can't hold, and with all values in that format. The client's next write is
    /// compared with it.
    /// </summary>
    public Payload AsShown(PhpHandler handlerOfEntries) => Shape switch
    {
        SessionShape.Blob => this with { Entries = Blob is { } blob ? [blob with { Format = EntryFormat.Bytes }] : [] },
        SessionShape.Php when PhpPayload.IsShownAsItIs(PhpHandler.Php, Entries) => this,
        SessionShape.PhpSerialize when PhpPayload.IsShownAsItIs(PhpHandler.PhpSerialize, Entries) => this,
        _ => this with { Entries = Split(Join(handlerOfEntries), Unlimited).Entries },
    };
}
