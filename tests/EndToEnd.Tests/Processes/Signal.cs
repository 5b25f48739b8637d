namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>Signals sent by the tests, with Linux' values.</summary>
internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
