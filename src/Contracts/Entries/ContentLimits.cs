namespace OrleansSessions.Contracts;

/// <summary>Checks of <see cref="SessionLimits"/>. Each returns the exceeded limit, or null.</summary>
internal static class ContentLimits
{
    /// <summary>More changes than can have an effect are abuse; this limit bounds a commit's time like the other limits do.</summary>
    public static LimitViolation? CheckChanges(this SessionLimits limits, int count)
    {
        long maximum = (2L * limits.MaxEntries) + 2;
        return count > maximum ? new LimitViolation(LimitViolation.Changes, maximum, count) : null;
    }

    public static LimitViolation? CheckName(this SessionLimits limits, EntryName name) =>
        name.Bytes > limits.MaxNameBytes ? new LimitViolation(LimitViolation.NameBytes, limits.MaxNameBytes, name.Bytes) : null;

    /// <summary>A session that already exceeds a limit, because the limit was lowered, may shrink.</summary>
    public static LimitViolation? CheckContent(this SessionLimits limits, ContentSize before, ContentSize after)
    {
        if (after.Count > limits.MaxEntries && after.Count > before.Count)
        {
            return new LimitViolation(LimitViolation.Entries, limits.MaxEntries, after.Count);
        }

        return after.Bytes > limits.MaxBytes && after.Bytes > before.Bytes ? new LimitViolation(LimitViolation.Bytes, limits.MaxBytes, after.Bytes) : null;
    }
}
