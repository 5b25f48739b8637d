namespace OrleansSessions.LocalCluster.Members;

/// <summary>Process started by the launcher.</summary>
internal interface IChildProcess : IDisposable
{
    int Id { get; }

    /// <summary>Completes with the exit code when the process has ended and its output is in the log.</summary>
    Task<int> Exited { get; }

    /// <summary>Requests a graceful stop.</summary>
    void RequestStop();

    /// <summary>Kills the process.</summary>
    void Kill();
}
