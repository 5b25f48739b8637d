namespace OrleansSessions.Contracts;

/// <summary>Limit that a commit would exceed, with its value.</summary>
/// <param name="Limit">The limit in words, for example "session size in bytes".</param>
/// <param name="Maximum">The maximum.</param>
/// <param name="Actual">The value that the commit would have produced.</param>
[GenerateSerializer, Immutable, Alias("session.limit-violation")]
public sealed record LimitViolation([property: Id(0)] string Limit, [property: Id(1)] long Maximum, [property: Id(2)] long Actual)
{
    internal const string Bytes = "session size in bytes";
    internal const string Entries = "number of entries";
    internal const string Changes = "number of changes in one commit";
    internal const string NameBytes = "entry name in bytes";

    /// <summary>The configuration name of the limit's option; null: the limit is fixed.</summary>
    public string? Option => Limit switch
    {
        Bytes => "SessionCluster:Limits:MaxBytes",
        Entries or Changes => "SessionCluster:Limits:MaxEntries",
        NameBytes => "SessionCluster:Limits:MaxNameBytes",
        _ => null,
    };

    /// <summary>Describes the violation to the application's developer.</summary>
    public override string ToString() => $"The {Limit} would be {Actual}, and the limit is {Maximum}{(Option is null ? "" : $" ({Option})")}.";
}
