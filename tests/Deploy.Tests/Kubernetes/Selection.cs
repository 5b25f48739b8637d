using k8s.Models;

namespace OrleansSessions.Deploy.Tests.Kubernetes;

/// <summary>Matching of label selectors.</summary>
internal static class Selection
{
    public static bool Matches(this V1LabelSelector selector, IDictionary<string, string> labels) =>
        (selector.MatchLabels ?? new Dictionary<string, string>()).All(wanted => labels.TryGetValue(wanted.Key, out string? value) && value == wanted.Value)
        && (selector.MatchExpressions ?? []).All(expression => Matches(expression, labels));

    public static bool Matches(this IDictionary<string, string> selector, IDictionary<string, string> labels) =>
        new V1LabelSelector { MatchLabels = selector }.Matches(labels);

    private static bool Matches(V1LabelSelectorRequirement expression, IDictionary<string, string> labels) => expression.OperatorProperty switch
    {
        "In" => labels.TryGetValue(expression.Key, out string? value) && expression.Values.Contains(value),
        "Exists" => labels.ContainsKey(expression.Key),
        string other => throw new NotSupportedException($"The manifests used no operator {other} so far."),
    };
}
