using OrleansSessions.Faults.Tests.Checking;
using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.CheckingTests;

/// <summary>Generator of histories: each operation takes effect at one moment between its invocation and its completion, or its outcome stays unknown.</summary>
internal sealed class HistoryMaker(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>A correct history.</summary>
    /// <param name="operations">The number of operations.</param>
    /// <param name="together">Whether a read shows the whole session at once, or one part.</param>
    public List<Operation> MakeCorrect(int operations, bool together)
    {
        List<(long Effect, Operation Operation)> plan = [];
        for (int i = 0; i < operations; i++)
        {
            long effect = (i + 1) * 10;
            plan.Add((effect, new Operation
            {
                Action = _random.Next(100) switch { < 45 => Action.Read, < 65 => Action.Write, < 82 => Action.Increment, < 97 => Action.Add, _ => Action.Delete },
                Value = $"v{i}",
                Invoked = effect - _random.Next(1, 40),
                Completed = effect + _random.Next(1, 40),
            }));
        }

        SessionModel session = new();
        List<Operation> history = [];
        foreach ((_, Operation operation) in plan)
        {
            bool isUnknown = _random.Next(8) == 0;
            if (isUnknown)
            {
                history.Add(operation with { Completed = Operation.Never });
                session = _random.Next(2) == 0 || operation.Action == Action.Read ? session : session.Apply(operation)!;
                continue;
            }

            Operation answered = operation with { Seen = Answer(session, operation.Action, together) };
            history.Add(answered);
            session = session.Apply(answered)!;
        }

        return history;
    }

    /// <summary>Changes one answer, time or outcome of a history. The result may be right or wrong.</summary>
    public List<Operation> Mutate(List<Operation> history)
    {
        List<Operation> changed = [.. history];
        int index = _random.Next(changed.Count);
        Operation operation = changed[index];
        Operation other = changed[_random.Next(changed.Count)];
        changed[index] = _random.Next(4) switch
        {
            0 when operation.Completed != Operation.Never => operation with { Invoked = operation.Completed + 1, Completed = operation.Completed + _random.Next(1, 60) + 1 },
            1 when operation.Completed != Operation.Never => operation with { Completed = Operation.Never, Seen = null },
            _ when operation.Seen is not null && other.Seen is not null && other.Action == operation.Action => operation with { Seen = other.Seen },
            _ when operation.Seen is { Counter: not null } => operation with { Seen = operation.Seen with { Counter = operation.Seen.Counter + 1 } },
            _ => operation with { Invoked = operation.Invoked - _random.Next(40) },
        };
        return changed;
    }

    private Observation Answer(SessionModel session, Action action, bool together)
    {
        if (session.HasEnded && action != Action.Delete)
        {
            return Observation.Gone;
        }

        int part = together ? 3 : _random.Next(3);
        return action switch
        {
            Action.Increment => new Observation { Counter = session.Counter + 1 },
            Action.Read => new Observation
            {
                Register = part is 0 or 3 ? session.Register : null,
                Counter = part is 1 or 3 ? session.Counter : null,
                Entries = part is 2 or 3 ? session.Entries : null,
            },
            _ => Observation.Done,
        };
    }
}
