using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner.Correctness;

/// <summary>Whether a stack does what it is measured doing. Taken apart from the load, by other requests.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Answers">How many answers were checked.</param>
/// <param name="Wrong">The wrong ones: what was asked, expected and answered.</param>
/// <param name="LostIncrements">How many of <see cref="LostUpdates.Increments"/> parallel increments of one number are missing.</param>
/// <param name="LostEntries">How many of <see cref="LostUpdates.Entries"/> entries, set in parallel, are missing.</param>
internal sealed record StackVerdict(StackPlan Stack, int Answers, IReadOnlyList<string> Wrong, int LostIncrements, int LostEntries)
{
    public static async Task<StackVerdict> ReachAsync(RunningStack stack, HttpClient client)
    {
        var check = new AnswerCheck(client, stack.Url);
        await check.RunAsync();
        var lost = new LostUpdates(client, stack.Url);
        return new StackVerdict(stack.Plan, check.Answers, check.Wrong, await lost.CountIncrementsAsync(), await lost.CountEntriesAsync());
    }

    public override string ToString() =>
        $"{Answers - Wrong.Count} of {Answers} answers right, lost {LostIncrements} of {LostUpdates.Increments} increments and {LostEntries} of {LostUpdates.Entries} entries"
        + string.Concat(Wrong.Take(3).Select(wrong => $"\n    {wrong}"));
}
