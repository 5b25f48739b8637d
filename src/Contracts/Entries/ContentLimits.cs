namespace OrleansSessions.Contracts;

/// <summary>Checks of <see cref="SessionLimits"/>. Each returns the broken limit; null: none.</summary>
internal static class ContentLimits
{
    /// <summary>More changes than could leave a trace are abuse; the bound keeps the time that a commit takes within that of the other limits.</summary>
    public static LimitViolation? CheckChanges(this SessionLimits limits, int count)
    {
        long maximum = (2L * limits.MaxEntries) + 2;
        return count > maximum ? new LimitViolation(LimitViolation.Changes, maximum, count) : null;
    }

    public static LimitViolation? CheckName(this SessionLimits limits, EntryName name) =>
        name.Bytes > limits.MaxNameBytes ? new LimitViolation(LimitViolation.NameBytes, limits.MaxNameBytes, name.Bytes) : null;

    /// <summary>A session that exceeds a limit already, because the limit was lowered, may shrink.</summary>
    public static LimitViolation? CheckContent(this SessionLimits limits, ContentSize before, ContentSize after)
    {
        if (after.Count > limits.MaxEntries && after.Count > before.Count)
        {
            return new LimitViolation(LimitViolation.Entries, limits.MaxEntries, after.Count);
        }

        return after.Bytes > limits.MaxBytes && after.Bytes > before.Bytes ? new LimitViolation(LimitViolation.Bytes, limits.MaxBytes, after.Bytes) : null;
    }
}
