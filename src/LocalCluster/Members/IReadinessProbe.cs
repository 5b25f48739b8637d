namespace OrleansSessions.LocalCluster.Members;

internal interface IReadinessProbe
{
    /// <summary>Asks the process at <paramref name="url"/> whether it is ready.</summary>
    Task<MemberHealth> AskAsync(Uri url, CancellationToken cancellationToken);
}
