namespace OrleansSessions.AspNetCore.Tests.Calls;

/// <summary>How a call ends instead of as it would.</summary>
/// <param name="Ending">Waits as long as it shall take, and throws, or returns what is answered instead of the cluster's answer.</param>
/// <param name="Arrives">Whether the cluster does what it was asked for.</param>
/// <param name="IsForever">Whether all later calls end like this one.</param>
internal sealed record ScriptedEnding(Func<Task<object>> Ending, bool Arrives, bool IsForever);
