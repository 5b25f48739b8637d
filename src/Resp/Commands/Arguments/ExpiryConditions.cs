namespace OrleansSessions.Resp.Commands.Arguments;

/// <summary>Conditions of EXPIRE and its variants: the options NX, XX, GT and LT.</summary>
[Flags]
internal enum ExpiryConditions
{
    None = 0,
    HasNone = 1,
    HasOne = 2,
    IsLater = 4,
    IsEarlier = 8,
}
