namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>The signals that the tests send; the values are Linux's.</summary>
internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
