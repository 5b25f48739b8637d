namespace OrleansSessions.Contracts;

/// <summary>Application of changes to a session's content. Changes of the lifetime do not affect the content.</summary>
internal static class ContentChanges
{
    private const EntryFormat FormatOfNewNumber = EntryFormat.Json;
    private const EntryFormat FormatOfNewValue = EntryFormat.Bytes;

    /// <summary>Applies one change. Any outcome except <see cref="CommitOutcome.Applied"/> refuses the whole commit; the content is then unusable.</summary>
    /// <param name="content">The content.</param>
    /// <param name="change">The change.</param>
    /// <param name="version">The version for entries that the change sets.</param>
    /// <param name="limits">The limit of name lengths; null: not checked.</param>
    /// <param name="report">Receives sums, and the reason of a refusal.</param>
    public static CommitOutcome Apply<TEntry>(
        this SessionContent<TEntry> content, SessionChange change, long version, SessionLimits? limits, ref ChangeReport report)
        where TEntry : IContentEntry<TEntry>
    {
        switch (change.Kind)
        {
            case SessionChangeKind.Clear:
                content.Clear();
                return CommitOutcome.Applied;
            case SessionChangeKind.SetShape:
                return SetShape(content, change);
            case SessionChangeKind.ExpectShape:
                return change.Shape == content.Shape ? CommitOutcome.Applied : CommitOutcome.Conflict;
            case SessionChangeKind.SetIdleTimeout or SessionChangeKind.SetDeadline or SessionChangeKind.KeepDeadline:
                return CommitOutcome.Applied;
            case > SessionChangeKind.SetDeadline:
                return CommitOutcome.NotUnderstood;
        }

        if (!change.IsNameValid)
        {
            report.EntryName = change.Name;
            return CommitOutcome.InvalidName;
        }

        EntryName name = TEntry.NameOf(change.Name);
        if (change.IsRemoval)
        {
            content.Remove(name);
            return CommitOutcome.Applied;
        }

        CommitOutcome outcome = change.Kind switch
        {
            SessionChangeKind.SetIfVersion => SetIfVersion(content, change, name, version),
            SessionChangeKind.Add or SessionChangeKind.AddToValue => Add(content, change, name, version, ref report),
            _ => Set(content, change, name, version),
        };
        if (outcome != CommitOutcome.Applied)
        {
            report.EntryName = change.Name;
            return outcome;
        }

        report.Violation = limits?.CheckName(name);
        return report.Violation is null ? CommitOutcome.Applied : CommitOutcome.LimitExceeded;
    }

    /// <summary>Applies one change that the session's grain will certainly apply too.</summary>
    public static void Apply<TEntry>(this SessionContent<TEntry> content, SessionChange change, long version = 0)
        where TEntry : IContentEntry<TEntry>
    {
        ChangeReport report = default;
        content.Apply(change, version, limits: null, ref report);
    }

    /// <summary>Applies one change that the session's grain has applied. The session may have changed since this content was loaded.</summary>
    /// <param name="content">The content.</param>
    /// <param name="change">The change.</param>
    /// <param name="version">The commit's version.</param>
    /// <param name="sums">The grain's remaining sums; the change takes its own.</param>
    public static void Replay<TEntry>(this SessionContent<TEntry> content, SessionChange change, long version, ref ReadOnlySpan<long> sums)
        where TEntry : IContentEntry<TEntry>
    {
        switch (change.Kind)
        {
            case SessionChangeKind.Add or SessionChangeKind.AddToValue:
                content.SetNumber(TEntry.NameOf(change.Name), sums[0], FormatIfNew(change), version);
                sums = sums[1..];
                break;
            case SessionChangeKind.SetIfVersion:
                Set(content, change, TEntry.NameOf(change.Name), version);
                break;
            default:
                content.Apply(change, version);
                break;
        }
    }

    private static CommitOutcome SetShape<TEntry>(SessionContent<TEntry> content, SessionChange change)
        where TEntry : IContentEntry<TEntry>
    {
        if (change.Shape > SessionShape.Hash)
        {
            return CommitOutcome.NotUnderstood;
        }

        content.Shape = change.Shape;
        return CommitOutcome.Applied;
    }

    private static CommitOutcome Set<TEntry>(SessionContent<TEntry> content, SessionChange change, EntryName name, long version)
        where TEntry : IContentEntry<TEntry>
    {
        content.Set(name, change.Value ?? [], change.Format, version);
        return CommitOutcome.Applied;
    }

    private static CommitOutcome SetIfVersion<TEntry>(SessionContent<TEntry> content, SessionChange change, EntryName name, long version)
        where TEntry : IContentEntry<TEntry> =>
        content.TrySetIfVersion(name, change.Value ?? [], change.Format, version, change.ExpectedVersion) ? CommitOutcome.Applied : CommitOutcome.Conflict;

    private static CommitOutcome Add<TEntry>(SessionContent<TEntry> content, SessionChange change, EntryName name, long version, ref ChangeReport report)
        where TEntry : IContentEntry<TEntry>
    {
        if (!content.TryAdd(name, change.Addend, FormatIfNew(change), version, out long sum))
        {
            return CommitOutcome.NotANumber;
        }

        (report.Sums ??= []).Add(sum);
        return CommitOutcome.Applied;
    }

    private static EntryFormat FormatIfNew(SessionChange change) => change.IsUnnamed ? FormatOfNewValue : FormatOfNewNumber;
}
