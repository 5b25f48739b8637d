namespace OrleansSessions.Bench.Runner.Stacks;

/// <summary>CPU limit of each silo, a co-hosting frontend too.</summary>
internal enum CoreLimit
{
    None,

    /// <summary>One core, by affinity.</summary>
    OneCore,

    /// <summary>One core's time on any core, by a cgroup's quota, as with Kubernetes' <c>cpu: "1"</c>.</summary>
    Quota,
}
