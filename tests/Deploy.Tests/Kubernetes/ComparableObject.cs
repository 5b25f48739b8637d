using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;

namespace OrleansSessions.Deploy.Tests.Kubernetes;

/// <summary>Form of an object that is the same from kustomize and from helm: without their own names, labels and order.</summary>
internal static partial class ComparableObject
{
    public static string Of(IKubernetesObject<V1ObjectMeta> thing)
    {
        JsonNode json = JsonNode.Parse(KubernetesJson.Serialize(thing))!;
        JsonObject metadata = json["metadata"]!.AsObject();
        metadata.Remove("labels");
        metadata.Remove("namespace");
        if (json["spec"]?["template"]?["metadata"] is JsonObject pod && pod["annotations"] is JsonObject annotations)
        {
            // Of a checksum or a hash in the name, either rolls the pods when a setting changes.
            annotations.Remove("checksum/settings");
            annotations.Remove("checksum/config");
            if (annotations.Count == 0)
            {
                pod.Remove("annotations");
            }
        }

        return Sort(json)!.ToJsonString();
    }

    private static JsonNode? Sort(JsonNode? node) => node switch
    {
        JsonObject thing => new JsonObject(thing.OrderBy(static property => property.Key, StringComparer.Ordinal)
            .Select(static property => KeyValuePair.Create(property.Key, Sort(property.Value)))),
        JsonArray things when things.Any(static item => item is JsonObject) => new JsonArray(
            [.. things.Select(Sort).OrderBy(static item => item!.ToJsonString(), StringComparer.Ordinal)]),
        JsonValue value when value.TryGetValue(out string? text) => Hash().Replace(text, "$1"),
        _ => node?.DeepClone(),
    };

    /// <summary>The hash that kustomize appends to the names of generated objects.</summary>
    [GeneratedRegex("^(orleans-sessions[a-z-]*)-[a-z0-9]{10}$")]
    private static partial Regex Hash();
}
