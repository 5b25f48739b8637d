namespace OrleansSessions.Contracts;

/// <summary>Format of a <see cref="SessionEntry"/>'s bytes. The cluster itself interprets only numbers, for <see cref="SessionChange.Add"/>.</summary>
[GenerateSerializer, Alias("session.format")]
public enum EntryFormat : byte
{
    /// <summary>Opaque bytes, as stored by <c>ISession.Set</c>.</summary>
    Bytes = 0,

    /// <summary>One value in PHP's <c>serialize()</c> format.</summary>
    Php = 1,

    /// <summary>A UTF-8 JSON document, as stored by the typed API, and incremented numbers.</summary>
    Json = 2,
}
