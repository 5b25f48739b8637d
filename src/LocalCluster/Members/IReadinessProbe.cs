namespace OrleansSessions.LocalCluster.Members;

internal interface IReadinessProbe
{
    /// <summary>Whether the process at <paramref name="url"/> answers that it is ready.</summary>
    Task<bool> IsReadyAsync(Uri url, CancellationToken cancellationToken);
}
