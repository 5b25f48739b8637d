namespace OrleansSessions.Resp.Commands.Arguments;

/// <summary>What an expiry time counts.</summary>
internal enum ExpiryUnit
{
    Seconds,
    Milliseconds,
    UnixSeconds,
    UnixMilliseconds,
}
