using System.Text.Json;
using OrleansSessions.LocalCluster.Failures;
using OrleansSessions.LocalCluster.Status;

namespace OrleansSessions.LocalCluster.Tests.Status;

public sealed class StatusFileTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    private string StatusPath => _temporary.File("status.json");

    [Fact]
    public void StatusFile_Written_HasTheDocumentedShape()
    {
        using var file = StatusFile.Open(StatusPath);

        file.Write(Status(ready: true));

        using var json = JsonDocument.Parse(File.ReadAllText(StatusPath));
        var root = json.RootElement;
        Assert.Equal(["ready", "url", "resp", "redis", "silos", "frontends"], root.EnumerateObject().Select(property => property.Name));
        Assert.True(root.GetProperty("ready").GetBoolean());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("resp").ValueKind);
        Assert.Equal(["name", "pid", "siloPort", "gatewayPort", "respPort"], root.GetProperty("silos")[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("silos")[0].GetProperty("respPort").ValueKind);
        Assert.Equal(["name", "pid", "url"], root.GetProperty("frontends")[0].EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void StatusFile_WrittenAgain_LeavesNoTemporaryFile()
    {
        using var file = StatusFile.Open(StatusPath);

        file.Write(Status(ready: true));
        file.Write(Status(ready: false));

        Assert.Equal([StatusPath], Directory.GetFiles(_temporary.Path));
        Assert.Contains("\"ready\": false", File.ReadAllText(StatusPath));
    }

    [Fact]
    public void StatusFile_LeftByAKilledLauncher_IsGoneBeforeTheNextIsReady()
    {
        File.WriteAllText(StatusPath, "{ \"ready\": true }");

        using var file = StatusFile.Open(StatusPath);

        Assert.False(File.Exists(StatusPath));
    }

    [Fact]
    public void StatusFile_AtTheEnd_IsRemoved()
    {
        using (var file = StatusFile.Open(StatusPath))
        {
            file.Write(Status(ready: true));
        }

        Assert.False(File.Exists(StatusPath));
    }

    [Fact]
    public void StatusFile_InADirectoryThatIsAFile_IsRefusedAndNamed()
    {
        File.WriteAllText(_temporary.File("file"), "");
        var path = Path.Combine(_temporary.File("file"), "status.json");

        var refusal = Assert.Throws<ClusterStartException>(() => StatusFile.Open(path));

        Assert.Contains(path, refusal.Message);
    }

    public void Dispose() => _temporary.Dispose();

    private static ClusterStatus Status(bool ready) => new()
    {
        Ready = ready,
        Url = "http://localhost:8080",
        Resp = null,
        Redis = "127.0.0.1:7000",
        Silos = [new SiloEntry("silo-1", 1, 2, 3, null)],
        Frontends = [new FrontendEntry("frontend-1", 4, "http://127.0.0.1:5")],
    };
}
