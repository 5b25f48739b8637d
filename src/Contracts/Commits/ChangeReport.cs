namespace OrleansSessions.Contracts;

/// <summary>The results of a commit's changes, beside the outcome.</summary>
internal struct ChangeReport
{
    /// <summary>The sums, one for each change that added to a number.</summary>
    public List<long>? Sums { get; set; }

    /// <summary>The entry at fault.</summary>
    public string? EntryName { get; set; }

    /// <summary>The broken limit.</summary>
    public LimitViolation? Violation { get; set; }
}
