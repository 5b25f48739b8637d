namespace OrleansSessions.LocalCluster.Members;

/// <summary>Paths of the members' programs.</summary>
internal interface IMemberAssemblies
{
    string Silo { get; }

    string Frontend { get; }
}
