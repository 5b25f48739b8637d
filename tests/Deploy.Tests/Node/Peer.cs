using System.Net;
using k8s.Models;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>Peer of a network policy: one of our pods or a foreign one.</summary>
internal sealed record Peer(string Namespace, IDictionary<string, string> Labels, IPAddress Address, V1Container? Container = null);
