namespace OrleansSessions.LocalCluster.Members;

/// <summary>Where the members' programs are.</summary>
internal interface IMemberAssemblies
{
    string Silo { get; }

    string Frontend { get; }
}
