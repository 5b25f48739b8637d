using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.CheckingTests;

/// <summary>Factory of operations for handmade histories.</summary>
internal static class Handmade
{
    public static Operation Write(string value, long from, long until) =>
        new() { Action = Action.Write, Value = value, Invoked = from, Completed = until, Seen = Observation.Done };

    public static Operation Read(string value, long from, long until) => Read(new Observation { Register = value }, from, until);

    public static Operation Read(Observation seen, long from, long until) => new() { Action = Action.Read, Invoked = from, Completed = until, Seen = seen };

    public static Operation Increment(long sum, long from, long until) =>
        new() { Action = Action.Increment, Invoked = from, Completed = until, Seen = new Observation { Counter = sum } };

    public static Operation Count(long sum, long from, long until) => Read(new Observation { Counter = sum }, from, until);

    public static Operation Add(string entry, long from, long until) => new() { Action = Action.Add, Value = entry, Invoked = from, Completed = until, Seen = Observation.Done };

    public static Operation Entries(IEnumerable<string> entries, long from, long until) => Read(new Observation { Entries = entries.ToHashSet() }, from, until);

    public static Operation Delete(long from, long until) => new() { Action = Action.Delete, Invoked = from, Completed = until, Seen = Observation.Done };

    public static Operation Gone(long from, long until) => Read(Observation.Gone, from, until);

    /// <summary>The same operation with only its invocation known.</summary>
    public static Operation Unanswered(this Operation operation) => operation with { Seen = null, Completed = Operation.Never };

    public static Operation Final(this Operation operation) => operation with { IsFinal = true };
}
