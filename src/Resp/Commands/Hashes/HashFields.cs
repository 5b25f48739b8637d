using System.Text;
using System.Text.Unicode;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Protocol;
using OrleansSessions.Resp.Sessions;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Commands.Hashes;

/// <summary>Rules for a hash's fields, which are the session's entries.</summary>
internal static class HashFields
{
    /// <summary>Returns the name of a field; null if no entry can have it, so the field can't exist.</summary>
    public static string? Name(ReadOnlyMemory<byte> name) =>
        Utf8.IsValid(name.Span) && Encoding.UTF8.GetString(name.Span) is var text && SessionEntry.IsValidName(text) ? text : null;

    /// <summary>Returns null if the key holds a hash, nothing, or a session that was never stored as one value; otherwise the error.</summary>
    public static Reply? RefuseRead(SessionValue value)
    {
        if (!value.Exists)
        {
            value.ReadNothing();
            return null;
        }

        return value.Shape is SessionShape.Hash or SessionShape.Entries ? null : Reply.WrongType;
    }

    /// <summary>Returns null if a field of that name can be set; otherwise the error.</summary>
    public static Reply? RefuseWrite(SessionValue value, ReadOnlyMemory<byte> name) =>
        value.Exists && value.Shape is not (SessionShape.Hash or SessionShape.Entries) ? Reply.WrongType
        : Name(name) is null ? SessionErrors.InvalidFieldName
        : null;

    /// <summary>Finds a field; null if it does not exist.</summary>
    public static SessionEntry? Find(SessionValue value, ReadOnlyMemory<byte> name) => Name(name) is { } text ? value.FindField(text) : null;
}
