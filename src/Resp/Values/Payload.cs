using System.Collections.Immutable;
using OrleansSessions.Contracts;
using OrleansSessions.Php;

namespace OrleansSessions.Resp.Values;

/// <summary>A session as the one value that clients store under its key.</summary>
/// <param name="Shape">How the entries make it up.</param>
/// <param name="Entries">The entries.</param>
internal sealed record Payload(SessionShape Shape, ImmutableArray<SessionEntry> Entries)
{
    /// <summary>The name of the one value of a <see cref="SessionShape.Blob"/>: no application can give it to an entry.</summary>
    public const string BlobName = "";

    /// <summary>The name that earlier versions gave it.</summary>
    private const string FormerBlobName = "payload";

    private static readonly SessionLimits Unlimited = new() { MaxEntries = int.MaxValue, MaxNameBytes = int.MaxValue };

    /// <summary>The entry that holds the value of a <see cref="SessionShape.Blob"/>.</summary>
    public SessionEntry? Blob => Entries.Find(BlobName) ?? Entries.Find(FormerBlobName);

    /// <summary>A value that is kept as it is.</summary>
    public static Payload Whole(ReadOnlyMemory<byte> value) =>
        new(SessionShape.Blob, [new SessionEntry { Name = BlobName, Value = value.ToArray() }]);

    /// <summary>Takes a value apart, if it is a PHP session that can be put together again byte for byte; otherwise it stays whole.</summary>
    public static Payload Split(ReadOnlyMemory<byte> value, SessionLimits limits) =>
        PhpPayload.TrySplit(value.Span, limits.MaxEntries, limits.MaxNameBytes, out PhpHandler handler, out ImmutableArray<SessionEntry> entries)
            ? new Payload(handler == PhpHandler.Php ? SessionShape.Php : SessionShape.PhpSerialize, entries)
            : Whole(value);

    /// <summary>
    /// Whether a client that changed nothing has nothing to write, as the session now is. Of one that is stored entry by entry, others may have changed entries since,
    /// and that is theirs; one that is kept whole must be what the client says it is.
    /// </summary>
    public bool HasAllOf(Payload unchanged) =>
        unchanged.Shape != SessionShape.Blob || (Shape == SessionShape.Blob && Blob is { } blob && blob.Value.AsSpan().SequenceEqual(unchanged.Blob!.Value));

    /// <summary>Puts the entries together.</summary>
    /// <param name="handlerOfEntries">What PHP's clients are shown of a session that was written entry by entry.</param>
    public ReadOnlyMemory<byte> Join(PhpHandler handlerOfEntries) => Shape switch
    {
        SessionShape.Blob => Blob?.Value ?? [],
        SessionShape.Php => PhpPayload.Join(PhpHandler.Php, Entries),
        SessionShape.PhpSerialize => PhpPayload.Join(PhpHandler.PhpSerialize, Entries),
        _ => PhpPayload.Join(handlerOfEntries, Entries),
    };

    /// <summary>
    /// The payload as a client saw it: without the entries that its form can't hold, and with all values in that form. What it sends back is compared with this.
    /// </summary>
    public Payload AsShown(PhpHandler handlerOfEntries) => Shape switch
    {
        SessionShape.Blob => this with { Entries = Blob is { } blob ? [blob with { Format = EntryFormat.Bytes }] : [] },
        SessionShape.Php when PhpPayload.IsShownAsItIs(PhpHandler.Php, Entries) => this,
        SessionShape.PhpSerialize when PhpPayload.IsShownAsItIs(PhpHandler.PhpSerialize, Entries) => this,
        _ => this with { Entries = Split(Join(handlerOfEntries), Unlimited).Entries },
    };
}
