namespace OrleansSessions.Bench.GrowthSilo;

/// <summary>Only registers its reminder and removes it when it comes. It has no state to delete, which is in its favour.</summary>
internal sealed class RemindedGrain(FiredReminders fired) : Grain, IRemindedGrain, IRemindable
{
    private const string ReminderName = "expire";

    /// <summary>The shortest period that Orleans allows.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    public Task ExpireInAsync(TimeSpan due) => this.RegisterOrUpdateReminder(ReminderName, due, Period);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (await this.GetReminder(reminderName) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
            fired.Add();
        }

        DeactivateOnIdle();
    }
}
