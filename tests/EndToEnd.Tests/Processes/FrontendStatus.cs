namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>A web frontend in the status file.</summary>
internal sealed record FrontendStatus(string Name, int Pid, Uri Url);
