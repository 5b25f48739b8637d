namespace OrleansSessions.Bench.GrowthSilo;

/// <summary>Grain that only registers its reminder and removes it when it fires. It has no state to delete, which favours reminders.</summary>
internal sealed class RemindedGrain(FiredReminders fired) : Grain, IRemindedGrain, IRemindable
{
    private const string ReminderName = "expire";

    /// <summary>Minimum period that Orleans allows.</summary>
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
