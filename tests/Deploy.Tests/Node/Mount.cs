namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>File or folder of the node that is mounted into a container.</summary>
internal sealed record Mount(string Source, string Target, bool IsReadOnly);
