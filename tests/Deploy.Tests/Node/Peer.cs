using System.Net;
using k8s.Models;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>Whoever a network policy may speak of: a pod, whether of ours or of a stranger.</summary>
internal sealed record Peer(string Namespace, IDictionary<string, string> Labels, IPAddress Address, V1Container? Container = null);
