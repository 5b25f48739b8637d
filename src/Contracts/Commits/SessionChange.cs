namespace OrleansSessions.Contracts;

/// <summary>One change of a <see cref="SessionCommit"/>. Create it with a factory method.</summary>
[GenerateSerializer, Immutable, Alias("session.change")]
public sealed record SessionChange
{
    private SessionChange()
    {
    }

    /// <summary>The kind of change.</summary>
    [Id(0)]
    public SessionChangeKind Kind { get; private init; }

    /// <summary>The entry's name; empty for changes of the whole session.</summary>
    [Id(1)]
    public string Name { get; private init; } = "";

    /// <summary>The value to set.</summary>
    [Id(2)]
    public byte[]? Value { get; private init; }

    /// <summary>The format of <see cref="Value"/>.</summary>
    [Id(3)]
    public EntryFormat Format { get; private init; }

    /// <summary>The number that this kind of change needs, as serialized. Its meaning depends on <see cref="Kind"/>.</summary>
    [Id(4)]
    internal long Operand { get; private init; }

    /// <summary>The number to add; 0 for other kinds.</summary>
    public long Addend => Kind is SessionChangeKind.Add or SessionChangeKind.AddToValue ? Operand : 0;

    /// <summary>With <see cref="SessionChangeKind.SetIfVersion"/>, the version that the entry must still have; 0: no entry.</summary>
    public long ExpectedVersion => Kind == SessionChangeKind.SetIfVersion ? Operand : 0;

    /// <summary>The idle timeout to set, with <see cref="SessionChangeKind.SetIdleTimeout"/>.</summary>
    public TimeSpan IdleTimeout => Kind == SessionChangeKind.SetIdleTimeout ? TimeSpan.FromTicks(Operand) : default;

    /// <summary>The deadline to set in Unix milliseconds (UTC), with <see cref="SessionChangeKind.SetDeadline"/>.</summary>
    public long DeadlineMs => Kind == SessionChangeKind.SetDeadline ? Operand : 0;

    /// <summary>The shape to set or to expect. May be undefined if the caller has a newer version.</summary>
    public SessionShape Shape => Kind is not (SessionChangeKind.SetShape or SessionChangeKind.ExpectShape) ? default
        : Operand is >= 0 and < byte.MaxValue ? (SessionShape)Operand : (SessionShape)byte.MaxValue;

    /// <summary>Whether the change concerns the one value of a <see cref="SessionShape.Blob"/>.</summary>
    internal bool IsUnnamed => Kind is SessionChangeKind.SetValue or SessionChangeKind.AddToValue;

    /// <summary>Whether <see cref="Name"/> is a valid entry name for this change.</summary>
    internal bool IsNameValid => IsUnnamed ? Name.Length == 0 : SessionEntry.IsValidName(Name);

    /// <summary>Whether the change removes its entry.</summary>
    internal bool IsRemoval => Kind == SessionChangeKind.Remove || (Kind == SessionChangeKind.SetValue && Value is null);

    /// <summary>Sets an entry unconditionally. If two commits set it, the later one wins.</summary>
    public static SessionChange Set(string name, byte[] value, EntryFormat format = EntryFormat.Bytes) =>
        new() { Kind = SessionChangeKind.Set, Name = WellFormed(name), Value = value, Format = format };

    /// <summary>Removes an entry.</summary>
    public static SessionChange Remove(string name) => new() { Kind = SessionChangeKind.Remove, Name = WellFormed(name) };

    /// <summary>Removes all entries.</summary>
    public static SessionChange Clear() => new() { Kind = SessionChangeKind.Clear };

    /// <summary>
    /// Adds to a number. A missing entry counts as 0 and becomes <see cref="EntryFormat.Json"/>. An existing one must be a decimal 64-bit integer as UTF-8 text
    /// without a plus sign or leading zeros, or PHP's <c>i:5;</c> if that is its format, and keeps its format. <see cref="CommitResult.Numbers"/> contains the sum.
    /// </summary>
    public static SessionChange Add(string name, long by) => new() { Kind = SessionChangeKind.Add, Name = WellFormed(name), Operand = by };

    /// <summary>Sets an entry if its <see cref="SessionEntry.Version"/> is still <paramref name="expectedVersion"/>; 0: if it does not exist.</summary>
    public static SessionChange SetIfVersion(string name, byte[] value, EntryFormat format, long expectedVersion) =>
        new() { Kind = SessionChangeKind.SetIfVersion, Name = WellFormed(name), Value = value, Format = format, Operand = expectedVersion };

    /// <summary>Sets the idle timeout of this session, 1 second to 400 days.</summary>
    public static SessionChange SetIdleTimeout(TimeSpan idleTimeout) =>
        new() { Kind = SessionChangeKind.SetIdleTimeout, Operand = idleTimeout.Ticks };

    /// <summary>Sets the session's shape.</summary>
    public static SessionChange SetShape(SessionShape shape) => new() { Kind = SessionChangeKind.SetShape, Operand = (long)shape };

    /// <summary>
    /// Sets the one value of a <see cref="SessionShape.Blob"/>. It is an entry without a name: <see cref="Set"/> can't reach it, so no application can overwrite it by
    /// choosing a name.
    /// </summary>
    public static SessionChange SetValue(byte[] value) => new() { Kind = SessionChangeKind.SetValue, Value = value };

    /// <summary>Removes the one value of a <see cref="SessionShape.Blob"/>.</summary>
    public static SessionChange RemoveValue() => new() { Kind = SessionChangeKind.SetValue };

    /// <summary>
    /// Adds to the one value of a <see cref="SessionShape.Blob"/>, as <see cref="Add"/> does to an entry; a missing value becomes <see cref="EntryFormat.Bytes"/>.
    /// </summary>
    public static SessionChange AddToValue(long by) => new() { Kind = SessionChangeKind.AddToValue, Operand = by };

    /// <summary>If the session has another shape, the commit has no effect and its outcome is <see cref="CommitOutcome.Conflict"/>.</summary>
    public static SessionChange ExpectShape(SessionShape shape) => new() { Kind = SessionChangeKind.ExpectShape, Operand = (long)shape };

    /// <summary>Keeps the session's deadline despite the commit. A new session still counts as used.</summary>
    public static SessionChange KeepDeadline() => new() { Kind = SessionChangeKind.KeepDeadline };

    /// <summary>
    /// Sets when the session ends unless it is used before. The idle timeout becomes the time until then, even if that is less than
    /// <see cref="SessionLifetime.MinIdleTimeout"/>; at most <see cref="SessionLifetime.Max"/>.
    /// </summary>
    public static SessionChange SetDeadline(DateTimeOffset deadline) =>
        new() { Kind = SessionChangeKind.SetDeadline, Operand = deadline.ToUnixTimeMilliseconds() };

    /// <summary>UTF-8 can't encode an unpaired surrogate: the silo would receive a different name.</summary>
    private static string WellFormed(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return SessionEntry.IsWellFormed(name)
            ? name
            : throw new ArgumentException("The name is not well-formed Unicode: it contains an unpaired surrogate.", nameof(name));
    }
}
