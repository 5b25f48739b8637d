namespace OrleansSessions.Contracts;

/// <summary>Device that a session was signed in from, for its user to recognise it. Everything is what the device said, so nothing may depend on it.</summary>
[GenerateSerializer, Immutable, Alias("session.device")]
public sealed record SessionDevice
{
    /// <summary>Maximum length of the user agent, in characters.</summary>
    public const int MaxUserAgent = 256;

    /// <summary>Maximum length of the address and of the label, in characters.</summary>
    public const int MaxText = 64;

    /// <summary>The text of the <c>User-Agent</c> header. Null: not known.</summary>
    [Id(0)]
    public string? UserAgent { get; init; }

    /// <summary>The network address. Null: not known.</summary>
    [Id(1)]
    public string? Address { get; init; }

    /// <summary>A name that the application or the user gave it. Null: none.</summary>
    [Id(2)]
    public string? Label { get; init; }

    /// <summary>Whether all texts are within their limits.</summary>
    internal bool IsValid => !(UserAgent?.Length > MaxUserAgent) && !(Address?.Length > MaxText) && !(Label?.Length > MaxText);

    /// <summary>Returns the beginning of a text, without half a surrogate pair at its end; null for an empty one.</summary>
    internal static string? Cut(string? text, int length) =>
        string.IsNullOrEmpty(text) ? null
        : text.Length <= length ? text
        : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
