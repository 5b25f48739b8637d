using k8s.Models;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>Controller of a Deployment: the number of pods from a template, and how they are replaced.</summary>
internal sealed class Workload(string name, V1PodTemplateSpec template, int replicas, int maxSurge, int maxUnavailable)
{
    public string Name => name;

    public V1PodTemplateSpec Template { get; set; } = template;

    public int Replicas { get; set; } = replicas;

    /// <summary>Whether the desired pods exist and all are ready.</summary>
    public bool IsDone(IEnumerable<Pod> pods)
    {
        Pod[] mine = [.. Mine(pods)];
        return mine.Length == Replicas && mine.All(pod => pod.IsReady && pod.Template == Template) && !pods.Any(pod => pod.Workload == name && pod.IsTerminating && !pod.IsGone);
    }

    /// <summary>One step towards the desired state: whether to add a pod, and which to end.</summary>
    public (bool Add, Pod? End) Next(IEnumerable<Pod> pods)
    {
        Pod[] mine = [.. Mine(pods)];
        Pod[] old = [.. mine.Where(pod => pod.Template != Template)];
        if (mine.Length - old.Length < Replicas && mine.Length < Replicas + maxSurge)
        {
            return (true, null);
        }

        if (old.Length > 0)
        {
            bool canSpare = mine.Count(pod => pod.IsReady) - 1 >= Replicas - maxUnavailable;
            return (false, old.FirstOrDefault(pod => !pod.IsReady) ?? (canSpare ? old[0] : null));
        }

        return (false, mine.Length > Replicas ? mine[^1] : null);
    }

    private IEnumerable<Pod> Mine(IEnumerable<Pod> pods) => pods.Where(pod => pod.Workload == name && !pod.IsTerminating);
}
