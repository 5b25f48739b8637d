namespace OrleansSessions.AspNetCore.Tests.Calls;

/// <summary>Scripted outcome of a call.</summary>
/// <param name="Ending">Waits as needed, then throws, or returns the answer that replaces the cluster's.</param>
/// <param name="Arrives">Whether the cluster executes the call.</param>
/// <param name="IsForever">Whether it applies to all later calls.</param>
internal sealed record ScriptedEnding(Func<Task<object>> Ending, bool Arrives, bool IsForever);
