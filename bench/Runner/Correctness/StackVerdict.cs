using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner.Correctness;

/// <summary>Correctness of a stack, checked separately from the load, with other requests.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Answers">The number of answers checked.</param>
/// <param name="Wrong">The wrong answers: request, expected and actual answer.</param>
/// <param name="LostIncrements">The number lost of <see cref="LostUpdates.Increments"/> parallel increments of one number.</param>
/// <param name="LostEntries">The number lost of <see cref="LostUpdates.Entries"/> entries set in parallel.</param>
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
