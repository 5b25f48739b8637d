using System.Buffers.Text;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// Byte format of a session's sign-in in its state: parts (one bit each), the operation id, the 32 bytes of the user's key, two times, and the present parts. Pure.
/// </summary>
internal static class SignedInFormat
{
    private const int KeyBytes = 32;

    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Method = 1,
        Tags = 2,
        UserAgent = 4,
        Address = 8,
        Label = 16,
        ImpersonatedBy = 32,

        /// <summary>The last sign-in is not the first.</summary>
        LastSignInAt = 64,
        All = 127,
    }

    public static int MostBytes(SignedIn signedIn)
    {
        int bytes = 1 + PackedSize.Guid + (2 * KeyBytes) + (4 * PackedSize.Number) + PackedSize.Text(signedIn.Identity.Method)
            + PackedSize.Text(signedIn.Device?.UserAgent) + PackedSize.Text(signedIn.Device?.Address) + PackedSize.Text(signedIn.Device?.Label);
        foreach (string tag in signedIn.Identity.Tags)
        {
            bytes += PackedSize.Text(tag);
        }

        return bytes;
    }

    public static void Write(ref PackedWriter writer, SignedIn signedIn)
    {
        (SessionIdentity identity, SessionDevice? device) = (signedIn.Identity, signedIn.Device);
        writer.WriteByte((byte)PartsOf(identity, device));
        writer.WriteGuid(signedIn.SignInId);
        WriteKey(ref writer, identity.User);
        writer.WriteNumber(identity.SignedInAt.ToUnixTimeMilliseconds());
        writer.WriteNumber(identity.AuthenticatedAt.ToUnixTimeMilliseconds());
        if (identity.Method is { } method)
        {
            writer.WriteText(method);
        }

        if (!identity.Tags.IsEmpty)
        {
            WriteTags(ref writer, identity.Tags);
        }

        WriteIfPresent(ref writer, device?.UserAgent);
        WriteIfPresent(ref writer, device?.Address);
        WriteIfPresent(ref writer, device?.Label);
        if (identity.ImpersonatedBy is { } actor)
        {
            WriteKey(ref writer, actor);
        }

        if (identity.LastSignInAt != identity.SignedInAt)
        {
            writer.WriteNumber(identity.LastSignInAt.ToUnixTimeMilliseconds());
        }
    }

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    /// <exception cref="NotSupportedException">A newer version stored them.</exception>
    public static SignedIn Read(ref PackedReader reader)
    {
        var parts = (Parts)reader.ReadByte();
        if (parts > Parts.All)
        {
            throw SessionStateFormat.Newer("parts of a sign-in", (byte)parts, (byte)Parts.All);
        }

        Guid signInId = reader.ReadGuid();
        var identity = new SessionIdentity
        {
            User = ReadKey(ref reader),
            SignedInAt = ReadTime(ref reader),
            AuthenticatedAt = ReadTime(ref reader),
            Method = parts.HasFlag(Parts.Method) ? RecurringText.Get(reader.ReadBlock()) : null,
            Tags = parts.HasFlag(Parts.Tags) ? ReadTags(ref reader) : [],
        };
        var device = new SessionDevice
        {
            UserAgent = parts.HasFlag(Parts.UserAgent) ? Encoding.UTF8.GetString(reader.ReadBlock()) : null,
            Address = parts.HasFlag(Parts.Address) ? Encoding.UTF8.GetString(reader.ReadBlock()) : null,
            Label = parts.HasFlag(Parts.Label) ? Encoding.UTF8.GetString(reader.ReadBlock()) : null,
        };
        bool hasDevice = (parts & (Parts.UserAgent | Parts.Address | Parts.Label)) != 0;
        string? actor = parts.HasFlag(Parts.ImpersonatedBy) ? ReadKey(ref reader) : null;
        DateTimeOffset lastSignInAt = parts.HasFlag(Parts.LastSignInAt) ? ReadTime(ref reader) : identity.SignedInAt;
        return new SignedIn
        {
            SignInId = signInId,
            Identity = identity with { ImpersonatedBy = actor, LastSignInAt = lastSignInAt },
            Device = hasDevice ? device : null,
        };
    }

    /// <summary>Writes the 32 bytes of a user's or a session's key.</summary>
    public static void WriteKey(ref PackedWriter writer, string key)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes];
        if (Base64Url.DecodeFromChars(key, bytes) != KeyBytes)
        {
            throw new ArgumentException($"The key of a signed-in session or of a user has {KeyBytes} bytes.", nameof(key));
        }

        writer.WriteBytes(bytes);
    }

    public static string ReadKey(ref PackedReader reader) => Base64Url.EncodeToString(reader.ReadBytes(KeyBytes));

    public static void WriteTags(ref PackedWriter writer, ImmutableArray<string> tags)
    {
        writer.WriteNumber(tags.Length);
        foreach (string tag in tags)
        {
            writer.WriteText(tag);
        }
    }

    public static ImmutableArray<string> ReadTags(ref PackedReader reader)
    {
        string[] texts = new string[reader.ReadCount()];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = RecurringText.Get(reader.ReadBlock());
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(texts);
    }

    private static Parts PartsOf(SessionIdentity identity, SessionDevice? device) =>
        (identity.Method is null ? 0 : Parts.Method)
        | (identity.Tags.IsEmpty ? 0 : Parts.Tags)
        | (identity.ImpersonatedBy is null ? 0 : Parts.ImpersonatedBy)
        | (identity.LastSignInAt == identity.SignedInAt ? 0 : Parts.LastSignInAt)
        | (device?.UserAgent is null ? 0 : Parts.UserAgent)
        | (device?.Address is null ? 0 : Parts.Address)
        | (device?.Label is null ? 0 : Parts.Label);

    private static void WriteIfPresent(ref PackedWriter writer, string? text)
    {
        if (text is not null)
        {
            writer.WriteText(text);
        }
    }

    private static DateTimeOffset ReadTime(ref PackedReader reader)
    {
        long ms = reader.ReadNumber();
        return ms >= 0 && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
            : throw new InvalidDataException("The stored bytes of a sign-in are damaged.");
    }
}
