namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>Ends the faults of a session when it is disposed.</summary>
internal sealed class Healing(StorageFaults faults, string sessionKey) : IDisposable
{
    public void Dispose() => faults.Heal(sessionKey);
}
