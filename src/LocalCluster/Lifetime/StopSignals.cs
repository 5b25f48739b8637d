using System.Runtime.InteropServices;

namespace OrleansSessions.LocalCluster.Lifetime;

/// <summary>Stop requests from Ctrl-C, SIGTERM, and the end of the terminal or of <c>dotnet run</c>. A second signal forces the stop.</summary>
internal sealed class StopSignals : IDisposable
{
    private static readonly PosixSignal[] Handled = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _forceStop = new();
    private readonly PosixSignalRegistration[] _registrations;

    private readonly IDisposable? _parentWatch;

    public StopSignals()
    {
        _registrations = [.. Handled.Select(signal => PosixSignalRegistration.Create(signal, Receive))];
        _parentWatch = DotnetRun.Watch(_stop.Cancel);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken ForceStop => _forceStop.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _parentWatch?.Dispose();
        _stop.Dispose();
        _forceStop.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        (_stop.IsCancellationRequested ? _forceStop : _stop).Cancel();
    }
}
