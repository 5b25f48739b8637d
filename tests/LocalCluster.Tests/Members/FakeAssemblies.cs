using OrleansSessions.LocalCluster.Members;

namespace OrleansSessions.LocalCluster.Tests.Members;

internal sealed class FakeAssemblies : IMemberAssemblies
{
    public string Silo => "/bin/Silo.dll";

    public string Frontend => "/bin/Frontend.dll";
}
