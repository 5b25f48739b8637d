namespace OrleansSessions.AspNetCore.Tests.Calls;

/// <summary>How a call fails.</summary>
/// <param name="Failure">When, and with what.</param>
/// <param name="Arrives">Whether the cluster does what it was asked for.</param>
/// <param name="IsForever">Whether all later calls fail like this one.</param>
internal sealed record ScriptedFailure(Func<Task<Exception>> Failure, bool Arrives, bool IsForever)
{
    public ScriptedFailure(Exception exception, bool Arrives)
        : this(() => Task.FromResult(exception), Arrives, IsForever: false)
    {
    }

    public ScriptedFailure(Func<Task<Exception>> failure)
        : this(failure, Arrives: false, IsForever: true)
    {
    }
}
