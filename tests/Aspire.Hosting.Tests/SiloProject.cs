using Aspire.Hosting;
using OrleansSessions.EndToEnd.Tests;

namespace OrleansSessions.Aspire.Hosting.Tests;

/// <summary>Silo project, as the app host's SDK describes it.</summary>
public sealed class SiloProject : IProjectMetadata
{
    public string ProjectPath { get; } = Repository.Source("src/Silo/Silo.csproj");
}
