using System.Net.Sockets;
using System.Runtime.Versioning;
using OrleansSessions.Resp.Configuration;

namespace OrleansSessions.Resp.Tests.Connections;

[UnsupportedOSPlatform("windows")]
public sealed class UnixSocketTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"resp-{Guid.NewGuid():N}.sock");

    [Fact]
    public async Task Socket_IsWhereTheEndpointIsReached()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(OnSocketOnly);

        using RespTestClient client = await RespTestClient.ConnectAsync(_path);

        Assert.Equal("+PONG\r\n", await client.AskAsync("PING"));
        Assert.Null(endpoint.Server.EndPoint);
        Assert.Contains($"listens on the Unix socket {_path}, with the permissions 660", endpoint.Log.Text);
    }

    [Fact]
    public async Task Socket_BesidesAPort_ServesBoth()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(options => options.UnixSocket = _path);

        using RespTestClient onSocket = await RespTestClient.ConnectAsync(_path);
        using RespTestClient onPort = await endpoint.ConnectAsync();

        Assert.Equal("+PONG\r\n", await onSocket.AskAsync("PING"));
        Assert.Equal("+PONG\r\n", await onPort.AskAsync("PING"));
    }

    [Fact]
    public async Task Socket_WithPassword_RequiresIt()
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(options =>
        {
            OnSocketOnly(options);
            options.Password = "secret";
        });

        using RespTestClient client = await RespTestClient.ConnectAsync(_path);

        Assert.StartsWith("-NOAUTH", await client.AskAsync("PING"), StringComparison.Ordinal);
        Assert.Equal("+OK\r\n", await client.AskAsync("AUTH secret"));
    }

    [Theory]
    [InlineData("660", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite)]
    [InlineData("0600", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    public async Task Mode_IsThatOfTheFile(string mode, UnixFileMode expected)
    {
        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(options =>
        {
            OnSocketOnly(options);
            options.UnixSocketMode = mode;
        });

        Assert.Equal(expected, File.GetUnixFileMode(_path));
    }

    [Fact]
    public async Task Stop_RemovesTheFile()
    {
        await using (await RespEndpoint.StartAsync(OnSocketOnly))
        {
            Assert.True(File.Exists(_path));
        }

        Assert.False(File.Exists(_path));
    }

    [Fact]
    public async Task Start_SocketLeftByAKilledProcess_ReplacesIt()
    {
        LeaveSocket();

        await using RespEndpoint endpoint = await RespEndpoint.StartAsync(OnSocketOnly);

        using RespTestClient client = await RespTestClient.ConnectAsync(_path);
        Assert.Equal("+PONG\r\n", await client.AskAsync("PING"));
    }

    [Fact]
    public async Task Start_AnotherFile_FailsAndLeavesIt()
    {
        await File.WriteAllTextAsync(_path, "precious", TestContext.Current.CancellationToken);

        IOException failure = await Assert.ThrowsAsync<IOException>(() => RespEndpoint.StartAsync(OnSocketOnly));

        Assert.Contains($"Resp:UnixSocket is '{_path}'", failure.Message);
        Assert.Equal("precious", await File.ReadAllTextAsync(_path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_FileThatAnotherProcessHolds_FailsAndLeavesIt()
    {
        await using FileStream file = new(_path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        await Assert.ThrowsAsync<IOException>(() => RespEndpoint.StartAsync(OnSocketOnly));

        Assert.True(File.Exists(_path));
    }

    [Fact]
    public async Task Start_SocketInUse_FailsAndLeavesIt()
    {
        await using RespEndpoint first = await RespEndpoint.StartAsync(OnSocketOnly);

        IOException failure = await Assert.ThrowsAsync<IOException>(() => RespEndpoint.StartAsync(OnSocketOnly));

        Assert.Contains("another process listens", failure.Message);
        using RespTestClient client = await RespTestClient.ConnectAsync(_path);
        Assert.Equal("+PONG\r\n", await client.AskAsync("PING"));
    }

    public void Dispose() => File.Delete(_path);

    private void OnSocketOnly(RespOptions options)
    {
        options.Port = null;
        options.UnixSocket = _path;
    }

    /// <summary>Leaves the file of a socket that no process listens on. Closing removes the file, so another name of it stays.</summary>
    private void LeaveSocket()
    {
        string bound = _path + ".bound";
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(bound));
        File.Move(bound, _path);
    }
}
