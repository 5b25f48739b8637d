namespace OrleansSessions.Contracts;

/// <summary>How the bytes of a <see cref="SessionEntry"/> are to be read. The cluster itself only interprets numbers, for <see cref="SessionChange.Add"/>.</summary>
[GenerateSerializer, Alias("session.format")]
public enum EntryFormat : byte
{
    /// <summary>Bytes that only the application understands: what <c>ISession.Set</c> stores.</summary>
    Bytes = 0,

    /// <summary>One value in PHP's <c>serialize()</c> format.</summary>
    Php = 1,

    /// <summary>A UTF-8 JSON document: what the typed API stores, and numbers that are added to.</summary>
    Json = 2,
}
