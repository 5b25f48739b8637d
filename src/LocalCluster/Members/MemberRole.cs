namespace OrleansSessions.LocalCluster.Members;

internal enum MemberRole
{
    Silo,
    Frontend,
}
