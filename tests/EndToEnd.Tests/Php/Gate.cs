using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Gate that holds a request between reading and writing its session.</summary>
internal sealed class Gate : IDisposable
{
    private static readonly TimeSpan ReachedWithin = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    /// <summary>The argument that sends a request to this gate.</summary>
    public string Argument => $"&gate={Uri.EscapeDataString(_folder.File("gate"))}";

    /// <summary>Waits until the request has read its session.</summary>
    public Task ReachedAsync() => Eventually.TrueAsync("the request is at the gate", ReachedWithin, () => File.Exists(_folder.File("gate.reached")));

    /// <summary>Lets the request continue.</summary>
    public void Open() => File.WriteAllText(_folder.File("gate.open"), string.Empty);

    public void Dispose() => _folder.Dispose();
}
