namespace OrleansSessions.Contracts;

/// <summary>What a commit's caller learns of its changes, beside the outcome.</summary>
internal struct ChangeReport
{
    /// <summary>The sums, one for each change that added to a number.</summary>
    public List<long>? Sums { get; set; }

    /// <summary>The entry at fault.</summary>
    public string? EntryName { get; set; }

    /// <summary>The broken limit.</summary>
    public LimitViolation? Violation { get; set; }
}
