namespace OrleansSessions.Contracts;

/// <summary>One step of a <see cref="SessionCommit"/>. Make it with one of the factory methods.</summary>
[GenerateSerializer, Immutable, Alias("session.change")]
public sealed record SessionChange
{
    private SessionChange()
    {
    }

    /// <summary>What the change does.</summary>
    [Id(0)]
    public SessionChangeKind Kind { get; private init; }

    /// <summary>The entry that it is about; empty for changes of the session as a whole.</summary>
    [Id(1)]
    public string Name { get; private init; } = "";

    /// <summary>The value to set.</summary>
    [Id(2)]
    public byte[]? Value { get; private init; }

    /// <summary>The format of <see cref="Value"/>.</summary>
    [Id(3)]
    public EntryFormat Format { get; private init; }

    /// <summary>The number that a change of this kind needs, as it travels. Its meaning depends on <see cref="Kind"/>.</summary>
    [Id(4)]
    internal long Operand { get; private init; }

    /// <summary>The number to add; 0 for changes that add nothing.</summary>
    public long Addend => Kind is SessionChangeKind.Add or SessionChangeKind.AddToValue ? Operand : 0;

    /// <summary>The version that the entry must still have, 0 for no entry, with <see cref="SessionChangeKind.SetIfVersion"/>.</summary>
    public long ExpectedVersion => Kind == SessionChangeKind.SetIfVersion ? Operand : 0;

    /// <summary>The idle timeout to set, with <see cref="SessionChangeKind.SetIdleTimeout"/>.</summary>
    public TimeSpan IdleTimeout => Kind == SessionChangeKind.SetIdleTimeout ? TimeSpan.FromTicks(Operand) : default;

    /// <summary>The deadline to set in Unix milliseconds (UTC), with <see cref="SessionChangeKind.SetDeadline"/>.</summary>
    public long DeadlineMs => Kind == SessionChangeKind.SetDeadline ? Operand : 0;

    /// <summary>The shape to set or to expect. Not a defined one, if the caller is of a newer version.</summary>
    public SessionShape Shape => Kind is not (SessionChangeKind.SetShape or SessionChangeKind.ExpectShape) ? default
        : Operand is >= 0 and < byte.MaxValue ? (SessionShape)Operand : (SessionShape)byte.MaxValue;

    /// <summary>Whether the change is about the one value of a <see cref="SessionShape.Blob"/>.</summary>
    internal bool IsUnnamed => Kind is SessionChangeKind.SetValue or SessionChangeKind.AddToValue;

    /// <summary>Whether <see cref="Name"/> can be the name of the entry that the change is about.</summary>
    internal bool IsNameValid => IsUnnamed ? Name.Length == 0 : SessionEntry.IsValidName(Name);

    /// <summary>Whether the change removes the entry that it is about.</summary>
    internal bool IsRemoval => Kind == SessionChangeKind.Remove || (Kind == SessionChangeKind.SetValue && Value is null);

    /// <summary>Sets an entry, whatever it was. Of two commits that set it, the later one wins.</summary>
    public static SessionChange Set(string name, byte[] value, EntryFormat format = EntryFormat.Bytes) =>
        new() { Kind = SessionChangeKind.Set, Name = WellFormed(name), Value = value, Format = format };

    /// <summary>Removes an entry.</summary>
    public static SessionChange Remove(string name) => new() { Kind = SessionChangeKind.Remove, Name = WellFormed(name) };

    /// <summary>Removes all entries.</summary>
    public static SessionChange Clear() => new() { Kind = SessionChangeKind.Clear };

    /// <summary>
    /// Adds to a number: a missing entry counts as 0 and becomes <see cref="EntryFormat.Json"/>; an existing one must be a decimal 64-bit
    /// integer as UTF-8 text without a plus sign or leading zeros, or PHP's <c>i:5;</c> if that is its format, and keeps its format.
    /// <see cref="CommitResult.Numbers"/> has the sum.
    /// </summary>
    public static SessionChange Add(string name, long by) => new() { Kind = SessionChangeKind.Add, Name = WellFormed(name), Operand = by };

    /// <summary>Sets an entry if its <see cref="SessionEntry.Version"/> is still <paramref name="expectedVersion"/>; 0 means: if it does not exist.</summary>
    public static SessionChange SetIfVersion(string name, byte[] value, EntryFormat format, long expectedVersion) =>
        new() { Kind = SessionChangeKind.SetIfVersion, Name = WellFormed(name), Value = value, Format = format, Operand = expectedVersion };

    /// <summary>Changes the idle timeout of this session from now on, 1 second to 400 days.</summary>
    public static SessionChange SetIdleTimeout(TimeSpan idleTimeout) =>
        new() { Kind = SessionChangeKind.SetIdleTimeout, Operand = idleTimeout.Ticks };

    /// <summary>Changes how the entries make up one value.</summary>
    public static SessionChange SetShape(SessionShape shape) => new() { Kind = SessionChangeKind.SetShape, Operand = (long)shape };

    /// <summary>
    /// Sets the one value of a <see cref="SessionShape.Blob"/>. It is an entry without a name: <see cref="Set"/> can't reach it, so no application overwrites it
    /// by choosing a name.
    /// </summary>
    public static SessionChange SetValue(byte[] value) => new() { Kind = SessionChangeKind.SetValue, Value = value };

    /// <summary>Removes the one value of a <see cref="SessionShape.Blob"/>.</summary>
    public static SessionChange RemoveValue() => new() { Kind = SessionChangeKind.SetValue };

    /// <summary>
    /// Adds to the one value of a <see cref="SessionShape.Blob"/>, as <see cref="Add"/> does to an entry; a missing value becomes <see cref="EntryFormat.Bytes"/>.
    /// </summary>
    public static SessionChange AddToValue(long by) => new() { Kind = SessionChangeKind.AddToValue, Operand = by };

    /// <summary>Makes the commit answer <see cref="CommitOutcome.Conflict"/>, without effect, if the session has another shape.</summary>
    public static SessionChange ExpectShape(SessionShape shape) => new() { Kind = SessionChangeKind.ExpectShape, Operand = (long)shape };

    /// <summary>Leaves the session's deadline where it is, although it is committed to. A new session counts as used all the same.</summary>
    public static SessionChange KeepDeadline() => new() { Kind = SessionChangeKind.KeepDeadline };

    /// <summary>
    /// Sets when the session ends unless it is used before. The idle timeout becomes the time until then, even if that is less than
    /// <see cref="SessionLifetime.MinIdleTimeout"/>; at most <see cref="SessionLifetime.Max"/>.
    /// </summary>
    public static SessionChange SetDeadline(DateTimeOffset deadline) =>
        new() { Kind = SessionChangeKind.SetDeadline, Operand = deadline.ToUnixTimeMilliseconds() };

    /// <summary>Half a surrogate pair has no form in UTF-8: on its way to the silo, the name would become another one.</summary>
    private static string WellFormed(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return SessionEntry.IsWellFormed(name)
            ? name
            : throw new ArgumentException("The name is not well-formed Unicode: it has half a surrogate pair in it.", nameof(name));
    }
}
