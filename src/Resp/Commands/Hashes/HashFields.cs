using System.Text;
using System.Text.Unicode;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Sessions;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands.Hashes;

/// <summary>The rules of a hash's fields, which are the entries of a session.</summary>
internal static class HashFields
{
    /// <summary>The name of a field; null: not a valid name of an entry, so the field can't exist.</summary>
    public static string? Name(ReadOnlyMemory<byte> name) =>
        Utf8.IsValid(name.Span) && Encoding.UTF8.GetString(name.Span) is var text && SessionEntry.IsValidName(text) ? text : null;

    /// <summary>Null if the key holds a hash, nothing, or a session that was never stored as one value.</summary>
    public static Reply? RefuseRead(SessionValue value)
    {
        if (!value.Exists)
        {
            value.ReadNothing();
            return null;
        }

        return value.Shape is SessionShape.Hash or SessionShape.Entries ? null : Reply.WrongType;
    }

    /// <summary>Null if a field of that name can be set.</summary>
    public static Reply? RefuseWrite(SessionValue value, ReadOnlyMemory<byte> name) =>
        value.Exists && value.Shape is not (SessionShape.Hash or SessionShape.Entries) ? Reply.WrongType
        : Name(name) is null ? SessionTransactions.InvalidFieldName
        : null;

    /// <summary>The field; null: there is none.</summary>
    public static SessionEntry? Find(SessionValue value, ReadOnlyMemory<byte> name) => Name(name) is { } text ? value.FindField(text) : null;
}
