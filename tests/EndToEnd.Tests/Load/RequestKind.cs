namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>What a request did.</summary>
internal enum RequestKind
{
    Read,
    Write,
    Increment,
}
