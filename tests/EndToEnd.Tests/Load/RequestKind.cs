namespace OrleansSessions.EndToEnd.Tests.Load;

/// <summary>Kind of a request.</summary>
internal enum RequestKind
{
    Read,
    Write,
    Increment,
}
