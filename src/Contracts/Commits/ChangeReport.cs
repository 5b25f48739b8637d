namespace OrleansSessions.Contracts;

/// <summary>Results of a commit's changes, besides the outcome.</summary>
internal struct ChangeReport
{
    /// <summary>The sums, one per change that added to a number.</summary>
    public List<long>? Sums { get; set; }

    /// <summary>The entry at fault.</summary>
    public string? EntryName { get; set; }

    /// <summary>The broken limit.</summary>
    public LimitViolation? Violation { get; set; }
}
