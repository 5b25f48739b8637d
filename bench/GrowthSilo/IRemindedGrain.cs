namespace OrleansSessions.Bench.GrowthSilo;

/// <summary>Grain that models a session with its own reminder.</summary>
[Alias("bench.reminded")]
internal interface IRemindedGrain : IGrainWithStringKey
{
    /// <summary>Registers the reminder.</summary>
    [Alias("expire-in")]
    Task ExpireInAsync(TimeSpan due);
}
