using OrleansSessions.Faults.Tests.Histories;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>Violation of linearizability.</summary>
/// <param name="Kind">The kind as a user would see it.</param>
/// <param name="Operation">The operation whose answer shows it, if any.</param>
/// <param name="Reason">Why no order of the operations explains it.</param>
/// <param name="Count">The number of answers or effects that are wrong in this way.</param>
internal sealed record Violation(ViolationKind Kind, Operation? Operation, string Reason, int Count);
