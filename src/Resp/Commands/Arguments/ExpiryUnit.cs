namespace OrleansSessions.Resp.Commands.Arguments;

/// <summary>Unit and origin of an expiry time.</summary>
internal enum ExpiryUnit
{
    Seconds,
    Milliseconds,
    UnixSeconds,
    UnixMilliseconds,
}
