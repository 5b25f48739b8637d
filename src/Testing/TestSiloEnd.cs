namespace OrleansSessions.Testing;

/// <summary>Reports that a test's silo can't go on. In production the process ends then, which would end all other tests as well, without a word.</summary>
internal sealed class TestSiloEnd : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => exception is not OperationCanceledException;

    public void OnFatalException(object? sender, string? context, Exception? exception) => Console.Error.WriteLine(
        $"A silo of the test cluster can't go on. Others declare it dead if the process stands still for seconds, for example at a breakpoint. {context} {exception}");
}
