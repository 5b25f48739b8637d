using System.Diagnostics;
using OrleansSessions.LocalCluster.Logs;

namespace OrleansSessions.LocalCluster.Members;

/// <summary>
/// Child process whose standard input stays open while the launcher lives. Closing it requests a stop, which works on every operating system, and also
/// when the launcher is killed.
/// </summary>
internal sealed class ChildProcess : IChildProcess
{
    private readonly Process _process;

    public ChildProcess(Process process, LogFile log)
    {
        _process = process;
        Id = process.Id;
        Exited = WaitAsync(log);
    }

    public int Id { get; }

    public Task<int> Exited { get; }

    public void RequestStop() => _process.StandardInput.Close();

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // The process has already ended.
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task<int> WaitAsync(LogFile log)
    {
        await Task.WhenAll(CopyAsync(_process.StandardOutput, log), CopyAsync(_process.StandardError, log), _process.WaitForExitAsync());
        return _process.ExitCode;
    }

    private static async Task CopyAsync(StreamReader output, LogFile log)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            log.WriteLine(line);
        }
    }
}
