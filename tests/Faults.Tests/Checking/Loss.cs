using OrleansSessions.Faults.Tests.Histories;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>Loss of data that Redis had acknowledged. Times are stopwatch ticks.</summary>
/// <param name="From">When Redis began to lose it.</param>
/// <param name="Until">When no silo shows the lost data any longer.</param>
/// <param name="Copy">When the copy was made that Redis continues with; null: it is empty. With a copy, clients only read from the loss to its end, and once after.</param>
internal sealed record Loss(long From, long Until, (long From, long Until)? Copy = null)
{
    public bool IsBefore(Operation operation) => operation.Completed < From;

    public bool IsAfter(Operation operation) => operation.Invoked > Until;
}
