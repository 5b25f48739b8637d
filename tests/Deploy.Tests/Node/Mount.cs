namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>A file or folder of the node that a container sees.</summary>
internal sealed record Mount(string Source, string Target, bool IsReadOnly);
