using OrleansSessions.Contracts;

namespace OrleansSessions.Resp.Values;

/// <summary>Difference between the value that a client read and the one that it writes.</summary>
internal static class PayloadDiff
{
    /// <summary>Returns the changes that replace any session's content by this payload.</summary>
    public static IEnumerable<SessionChange> Replace(Payload wanted) => [SessionChange.Clear(), .. wanted.Entries.Select(Set), SessionChange.SetShape(wanted.Shape)];

    /// <summary>
    /// Returns the changes from one payload to another: entries added, changed and removed. Applied to a session that others have changed meanwhile, they keep the
    /// others' changes; applied to <paramref name="shown"/>, they produce <paramref name="wanted"/>, in its order.
    /// </summary>
    public static List<SessionChange> Between(Payload shown, Payload wanted)
    {
        List<SessionChange> changes = HaveSameNames(shown, wanted) ? ChangedValues(shown, wanted) : ChangedEntries(shown, wanted);
        if (shown.Shape != wanted.Shape)
        {
            changes.Add(SessionChange.SetShape(wanted.Shape));
        }

        return changes;
    }

    /// <summary>Applies changes to a payload.</summary>
    public static Payload Apply(Payload payload, IEnumerable<SessionChange> changes)
    {
        var content = new SessionContent<SessionEntry>(payload.Entries, payload.Shape);
        foreach (SessionChange change in changes)
        {
            content.Apply(change);
        }

        return new Payload(content.Shape, content.ToImmutable());
    }

    private static bool HaveSameNames(Payload shown, Payload wanted)
    {
        if (shown.Entries.Length != wanted.Entries.Length)
        {
            return false;
        }

        for (int i = 0; i < shown.Entries.Length; i++)
        {
            if (shown.Entries[i].Name != wanted.Entries[i].Name)
            {
                return false;
            }
        }

        return true;
    }

    private static List<SessionChange> ChangedValues(Payload shown, Payload wanted)
    {
        List<SessionChange> changes = [];
        for (int i = 0; i < shown.Entries.Length; i++)
        {
            if (!IsSame(wanted.Entries[i], shown.Entries[i]))
            {
                changes.Add(Set(wanted.Entries[i]));
            }
        }

        return changes;
    }

    private static List<SessionChange> ChangedEntries(Payload shown, Payload wanted)
    {
        List<SessionChange> changes = [];
        Dictionary<string, int> places = [];
        for (int i = 0; i < shown.Entries.Length; i++)
        {
            places[shown.Entries[i].Name] = i;
        }

        HashSet<string> kept = [.. wanted.Entries.Select(static entry => entry.Name)];
        changes.AddRange(shown.Entries.Where(entry => !kept.Contains(entry.Name)).Select(static entry => Remove(entry.Name)));

        // Set entries anew from the first one that is out of order: a commit appends the entries it adds.
        int last = -1;
        bool isAppending = false;
        foreach (SessionEntry entry in wanted.Entries)
        {
            bool wasThere = places.TryGetValue(entry.Name, out int place);
            isAppending |= !wasThere || place < last;
            last = place;
            if (wasThere && isAppending)
            {
                changes.Add(Remove(entry.Name));
            }

            if (isAppending || !IsSame(entry, shown.Entries[place]))
            {
                changes.Add(Set(entry));
            }
        }

        return changes;
    }

    private static bool IsSame(SessionEntry entry, SessionEntry other) => entry.Format == other.Format && entry.Value.AsSpan().SequenceEqual(other.Value);

    private static SessionChange Remove(string name) => name == Payload.BlobName ? SessionChange.RemoveValue() : SessionChange.Remove(name);

    private static SessionChange Set(SessionEntry entry) => entry.Name == Payload.BlobName
        ? SessionChange.SetValue(entry.Value)
        : SessionChange.Set(entry.Name, entry.Value, entry.Format);
}
