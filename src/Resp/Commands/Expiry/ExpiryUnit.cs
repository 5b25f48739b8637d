namespace OrleansSessions.Resp.Commands.Expiry;

/// <summary>What an expiry time counts.</summary>
internal enum ExpiryUnit
{
    Seconds,
    Milliseconds,
    UnixSeconds,
    UnixMilliseconds,
}
