using System.Text;
using k8s.Models;
using OrleansSessions.Deploy.Tests.Kubernetes;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>Network policies of an overlay as nft rules, like a network plug-in would create them.</summary>
internal sealed class NetworkPolicies(IEnumerable<V1NetworkPolicy> policies)
{
    private readonly V1NetworkPolicy[] _policies = [.. policies];

    /// <summary>Returns the chains for one pod.</summary>
    public string Rules(Peer pod, IReadOnlyCollection<Peer> all)
    {
        V1NetworkPolicy[] mine = [.. _policies.Where(policy => policy.Namespace() == pod.Namespace && policy.Spec.PodSelector.Matches(pod.Labels))];
        V1NetworkPolicy[] ingress = [.. mine.Where(policy => policy.Spec.PolicyTypes.Contains("Ingress"))];
        V1NetworkPolicy[] egress = [.. mine.Where(policy => policy.Spec.PolicyTypes.Contains("Egress"))];
        var rules = new StringBuilder();

        // Kubelet probes always pass.
        Begin(rules, "input", ingress.Length > 0).AppendLine($"iif \"lo\" accept; ip saddr {PodNetwork.Node} accept;");
        foreach (V1NetworkPolicyIngressRule rule in ingress.SelectMany(policy => policy.Spec.Ingress ?? []))
        {
            Allow(rules, "saddr", rule.FromProperty.SelectMany(peer => Who(peer, pod.Namespace, all)), rule.Ports, pod);
        }

        Begin(rules.AppendLine("}"), "output", egress.Length > 0).AppendLine("oif \"lo\" accept;");
        foreach (V1NetworkPolicyEgressRule rule in egress.SelectMany(policy => policy.Spec.Egress ?? []))
        {
            foreach (Peer target in rule.To.SelectMany(peer => Who(peer, pod.Namespace, all)))
            {
                Allow(rules, "daddr", [target], rule.Ports, target);
            }
        }

        return rules.AppendLine("}").ToString();
    }

    private static StringBuilder Begin(StringBuilder rules, string hook, bool isRestricted) => rules
        .AppendLine($"chain {hook} {{ type filter hook {hook} priority 0; policy {(isRestricted ? "drop" : "accept")};")
        .AppendLine("ct state established,related accept;");

    private static void Allow(StringBuilder rules, string side, IEnumerable<Peer> peers, IEnumerable<V1NetworkPolicyPort> ports, Peer target)
    {
        foreach (Peer peer in peers)
        {
            foreach (V1NetworkPolicyPort port in ports.Where(port => port.Protocol == "TCP"))
            {
                rules.AppendLine($"ip {side} {peer.Address} tcp dport {target.Container?.Resolve(port.Port).ToString(null, null) ?? port.Port.Value} accept;");
            }
        }
    }

    private static IEnumerable<Peer> Who(V1NetworkPolicyPeer selected, string home, IEnumerable<Peer> all) => all.Where(peer =>
        (selected.NamespaceSelector is { } space
            ? space.Matches(new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = peer.Namespace })
            : peer.Namespace == home)
        && (selected.PodSelector?.Matches(peer.Labels) ?? true));
}
