namespace OrleansSessions.LocalCluster.Members;

/// <summary>A process that this one started.</summary>
internal interface IChildProcess : IDisposable
{
    int Id { get; }

    /// <summary>Completes with the exit code when the process has ended and its output is in the log.</summary>
    Task<int> Exited { get; }

    /// <summary>Asks for a graceful stop.</summary>
    void RequestStop();

    /// <summary>Ends the process at once.</summary>
    void Kill();
}
