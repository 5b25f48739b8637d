namespace OrleansSessions.Tests.Shared;

/// <summary>Reports that a silo can't go on. In production the process ends then, which would end all other tests as well.</summary>
internal sealed class ReportedSiloEnd : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => exception is not OperationCanceledException;

    public void OnFatalException(object? sender, string? context, Exception? exception) => Console.Error.WriteLine($"A test's silo can't go on: {context} {exception}");
}
