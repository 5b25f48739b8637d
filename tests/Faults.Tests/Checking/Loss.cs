using OrleansSessions.Faults.Tests.Histories;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>A loss of data that Redis had acknowledged. Times are ticks of the stopwatch.</summary>
/// <param name="From">When Redis began to lose it.</param>
/// <param name="Until">When no silo shows any longer what it had.</param>
/// <param name="Copy">When the copy was made that Redis goes on with; null: it is empty. With a copy, clients only read from the loss to its end, and once after.</param>
internal sealed record Loss(long From, long Until, (long From, long Until)? Copy = null)
{
    public bool IsBefore(Operation operation) => operation.Completed < From;

    public bool IsAfter(Operation operation) => operation.Invoked > Until;
}
