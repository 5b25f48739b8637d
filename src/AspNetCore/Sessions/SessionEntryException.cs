using Microsoft.AspNetCore.Http;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Entry error: the name is not allowed, or the value does not fit the operation.</summary>
public sealed class SessionEntryException : SessionException
{
    private SessionEntryException(string message, int statusCode, string title, Exception? innerException = null)
        : base(message, statusCode, title, innerException)
    {
    }

    internal static void ThrowUnlessName(string name)
    {
        // Checked here too, because serialization would turn an unpaired surrogate into a valid character.
        if (!SessionEntry.IsValidName(name))
        {
            throw InvalidName();
        }
    }

    internal static SessionEntryException InvalidName() => new(
        "An entry name must not be empty and must not contain control characters. Nothing was stored.",
        StatusCodes.Status400BadRequest,
        "Invalid entry name");

    internal static SessionEntryException NotANumber(string? name) => new(
        $"The entry '{name}' is not a 64-bit integer, or the sum does not fit one. Nothing was stored.",
        StatusCodes.Status409Conflict,
        "Not a number");

    internal static SessionEntryException OnlyPhp(string name) => new(
        $"The entry '{name}' holds a PHP object, or another value that only PHP can read: an enum case, text that is not UTF-8, an infinite number. "
        + "Store an array in PHP instead, or leave the entry to PHP.",
        StatusCodes.Status409Conflict,
        "Unexpected entry");

    internal static SessionEntryException NotReadable(string name, Type type, Exception cause) => new(
        $"The entry '{name}' is not the JSON of a {type.Name}. Read it with GetEntry, or overwrite it.",
        StatusCodes.Status409Conflict,
        "Unexpected entry",
        cause);
}
