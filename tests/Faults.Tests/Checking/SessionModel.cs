using System.Collections.Immutable;
using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>Sequential model of a session.</summary>
internal sealed record SessionModel
{
    public bool HasEnded { get; init; }

    public string? Register { get; init; }

    public long Counter { get; init; }

    public ImmutableSortedSet<string> Entries { get; init; } = [];

    /// <summary>Applies an operation; null if the model would give a different answer.</summary>
    public SessionModel? Apply(Operation operation)
    {
        if (HasEnded)
        {
            return operation.Seen is null or { IsGone: true } || operation.Action == Action.Delete ? this : null;
        }

        if (operation.Seen is { IsGone: true })
        {
            return null;
        }

        return operation.Action switch
        {
            Action.Write => this with { Register = operation.Value },
            Action.Add => this with { Entries = Entries.Add(operation.Value!) },
            Action.Delete => this with { HasEnded = true },
            Action.Increment => operation.Seen is null || operation.Seen.Counter == Counter + 1 ? this with { Counter = Counter + 1 } : null,
            _ => IsShownBy(operation.Seen!) ? this : null,
        };
    }

    public bool Equals(SessionModel? other) =>
        other is not null && HasEnded == other.HasEnded && Register == other.Register && Counter == other.Counter && AreEntries(other.Entries);

    public override int GetHashCode() => HashCode.Combine(HasEnded, Register, Counter, Entries.Count);

    private bool IsShownBy(Observation seen) =>
        (seen.Register is null || seen.Register == Register) && (seen.Counter is null || seen.Counter == Counter) && (seen.Entries is null || AreEntries(seen.Entries));

    private bool AreEntries(IReadOnlySet<string> other) => ReferenceEquals(Entries, other) || (Entries.Count == other.Count && Entries.All(other.Contains));
}
