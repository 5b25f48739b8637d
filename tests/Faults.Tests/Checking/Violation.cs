using OrleansSessions.Faults.Tests.Histories;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>One way in which a history is wrong.</summary>
/// <param name="Kind">What users would call it.</param>
/// <param name="Operation">The operation whose answer shows it, if it is one.</param>
/// <param name="Reason">Why no order of the operations explains it.</param>
/// <param name="Count">How many answers or effects are wrong in this way.</param>
internal sealed record Violation(ViolationKind Kind, Operation? Operation, string Reason, int Count);
