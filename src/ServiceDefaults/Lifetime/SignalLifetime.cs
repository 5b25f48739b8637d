using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace OrleansSessions.ServiceDefaults.Lifetime;

/// <summary>Host lifetime that drains (<see cref="Drain"/>) on SIGTERM, SIGINT and SIGQUIT; a second signal ends the wait.</summary>
internal sealed class SignalLifetime(Drain drain) : IHostLifetime, IDisposable
{
    private readonly List<IDisposable> _registrations = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, Leave));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registrations.ForEach(static registration => registration.Dispose());

    private void Leave(PosixSignalContext context)
    {
        context.Cancel = true;
        drain.BeginOrForce();
    }
}
