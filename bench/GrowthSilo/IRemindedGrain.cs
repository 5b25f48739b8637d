namespace OrleansSessions.Bench.GrowthSilo;

/// <summary>What a session would be that has a reminder of its own.</summary>
[Alias("bench.reminded")]
internal interface IRemindedGrain : IGrainWithStringKey
{
    /// <summary>Registers the reminder.</summary>
    [Alias("expire-in")]
    Task ExpireInAsync(TimeSpan due);
}
