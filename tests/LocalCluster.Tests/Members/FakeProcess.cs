using OrleansSessions.LocalCluster.Members;

namespace OrleansSessions.LocalCluster.Tests.Members;

internal sealed class FakeProcess(int id) : IChildProcess
{
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Id { get; } = id;

    public Task<int> Exited => _exited.Task;

    /// <summary>Whether it ends when asked to.</summary>
    public bool Obeys { get; init; } = true;

    public bool StopRequested { get; private set; }

    public void RequestStop()
    {
        StopRequested = true;
        if (Obeys)
        {
            Exit(0);
        }
    }

    public void Kill() => Exit(137);

    public void Exit(int code) => _exited.TrySetResult(code);

    public void Dispose()
    {
    }
}
