namespace OrleansSessions.Faults.Tests.Histories;

/// <summary>All operations on one session. Thread-safe.</summary>
internal sealed class History(string session)
{
    private readonly Lock _lock = new();
    private readonly List<Operation> _operations = [];

    public string Session { get; } = session;

    public IReadOnlyList<Operation> Operations
    {
        get
        {
            lock (_lock)
            {
                return [.. _operations];
            }
        }
    }

    public void Add(Operation operation)
    {
        lock (_lock)
        {
            _operations.Add(operation);
        }
    }
}
