using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Values;

/// <summary>Changes of a hash's fields.</summary>
internal static class FieldChanges
{
    /// <param name="changes">The changes to add to.</param>
    /// <param name="fields">The latest value of each changed field; null: removed.</param>
    /// <param name="isNewHash">Whether the commit first makes the session a hash.</param>
    public static void AddTo(List<SessionChange> changes, Dictionary<string, byte[]?> fields, bool isNewHash)
    {
        if (isNewHash)
        {
            changes.Add(SessionChange.SetShape(SessionShape.Hash));
        }

        foreach ((string name, byte[]? value) in fields)
        {
            changes.Add(value is null ? SessionChange.Remove(name) : SessionChange.Set(name, value));
        }
    }

    /// <summary>Makes changes conditional on the fields that they set, instead of on the whole session. Returns false if they do more than set fields.</summary>
    public static bool TryCondition(SessionValue value, ref List<SessionChange> changes)
    {
        if (!value.OnlyFieldsChange || changes.Any(static change => change.Kind is not (SessionChangeKind.Set or SessionChangeKind.KeepDeadline)))
        {
            return false;
        }

        var before = new SessionContent<SessionEntry>(value.Loaded!.Entries);
        changes = [SessionChange.ExpectShape(SessionShape.Hash), .. changes.Select(change => Conditional(change, before))];
        return true;
    }

    private static SessionChange Conditional(SessionChange change, SessionContent<SessionEntry> before) => change.Kind != SessionChangeKind.Set
        ? change
        : SessionChange.SetIfVersion(change.Name, change.Value!, change.Format, before.TryFind(new EntryName(change.Name), out SessionEntry? entry) ? entry.Version : 0);
}
