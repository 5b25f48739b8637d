using OrleansSessions.Faults.Tests.Checking;
using OrleansSessions.Faults.Tests.Histories;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>Session under test with its clients and their history.</summary>
internal abstract class Subject(string name, int seed, Pace pace)
{
    /// <summary>Average pause of a client between two operations.</summary>
    private const int PauseMs = 120;

    /// <summary>Average pause once the session has ended and only reads remain.</summary>
    private const int IdlePauseMs = 700;

    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();

    public History History { get; } = new(name);

    /// <summary>Uses the session until it ends, or all work stops.</summary>
    public abstract Task UseAsync(CancellationToken stop);

    /// <summary>Reads the ended session over each path in turn, until all work stops.</summary>
    public abstract Task HauntAsync(CancellationToken stop);

    /// <summary>Reads the session once over each path, when no other request is in flight.</summary>
    public abstract Task FinishAsync();

    /// <summary>Checks the history after the run.</summary>
    public virtual Verdict Check(Loss? loss)
    {
        IReadOnlyList<Operation> operations = History.Operations;
        if (loss is not null)
        {
            return LossChecker.Check(operations, loss);
        }

        Verdict verdict = SessionChecker.Check(operations);
        if (verdict.IsCorrect && LinearizabilitySearch.IsLinearizable(operations) == false)
        {
            verdict.Add(ViolationKind.Stale, null, "No order of all operations explains all parts of all answers.");
        }

        return verdict;
    }

    protected bool IsReadOnly => pace.IsReadOnly;

    protected int Next(int bound)
    {
        lock (_lock)
        {
            return _random.Next(bound);
        }
    }

    /// <summary>Waits until the session's lifetime is over, or all work stops.</summary>
    protected async Task UntilAsync(TimeSpan life, CancellationToken stop)
    {
        try
        {
            await Task.Delay(life, stop);
            while (IsReadOnly)
            {
                await Task.Delay(PauseMs, stop);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    protected Task PauseAsync() => Task.Delay((PauseMs / 2) + Next(PauseMs));

    protected Task IdleAsync() => Task.Delay((IdlePauseMs / 2) + Next(IdlePauseMs));
}
