using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.Deploy.Tests.Docker;

/// <summary>Images under test: both programs, and another build of the silo.</summary>
public sealed class Images : IDisposable
{
    public const string Version = "0.1.0";
    public const string NextVersion = "0.1.1";

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<ContainerImage> _silo;
    private readonly Lazy<ContainerImage> _frontend;
    private readonly Lazy<ContainerImage> _nextSilo;

    public Images()
    {
        _silo = new(() => ContainerImage.Build("silo", Version, _folder.Path));
        _frontend = new(() => ContainerImage.Build("frontend", Version, _folder.Path));
        _nextSilo = new(() => (_silo.Value, _frontend.Value, ContainerImage.Build("silo", NextVersion, _folder.Path)).Item3);
    }

    internal ContainerImage Silo => _silo.Value;

    internal ContainerImage Frontend => _frontend.Value;

    internal ContainerImage NextSilo => _nextSilo.Value;

    /// <summary>The image of a name such as <c>registry/orleans-sessions-silo:0.1.0</c>; null if it is not one of ours.</summary>
    internal ContainerImage? Find(string reference) => reference[(reference.LastIndexOf('/') + 1)..] switch
    {
        "orleans-sessions-silo:" + Version => Silo,
        "orleans-sessions-silo:" + NextVersion => NextSilo,
        "orleans-sessions-frontend:" + Version => Frontend,
        _ => null,
    };

    /// <summary>Builds missing images, before a test in which time matters.</summary>
    internal void BuildAll() => _ = (Silo, Frontend, NextSilo);

    public void Dispose() => _folder.Dispose();
}
