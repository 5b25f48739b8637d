using System.Globalization;
using OrleansSessions.Bench.Runner.Stacks;

namespace OrleansSessions.Bench.Runner.Correctness;

/// <summary>Correctness of a stack, checked separately from the load, with other requests.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Answers">The number of answers checked.</param>
/// <param name="Wrong">The wrong answers: request, expected and actual answer.</param>
/// <param name="LostIncrements">The number lost of <see cref="LostUpdates.Increments"/> parallel increments of one number.</param>
/// <param name="LostEntries">The number lost of <see cref="LostUpdates.Entries"/> entries set in parallel.</param>
/// <param name="GrainCalls">The grain calls of a login and of a sign-in; null if they were not counted.</param>
internal sealed record StackVerdict(
    StackPlan Stack, int Answers, IReadOnlyList<string> Wrong, int LostIncrements, int LostEntries, GrainCalls? GrainCalls)
{
    public static async Task<StackVerdict> ReachAsync(RunningStack stack, HttpClient client, bool countsGrainCalls)
    {
        var check = new AnswerCheck(client, stack.Url, stack.Plan.SignsIn);
        await check.RunAsync();
        var lost = new LostUpdates(client, stack.Url);
        return new StackVerdict(
            stack.Plan,
            check.Answers,
            check.Wrong,
            await lost.CountIncrementsAsync(),
            await lost.CountEntriesAsync(),
            countsGrainCalls ? await GrainCalls.CountAsync(stack, client) : null);
    }

    public override string ToString() =>
        $"{Answers - Wrong.Count} of {Answers} answers right, lost {LostIncrements} of {LostUpdates.Increments} increments and {LostEntries} of {LostUpdates.Entries} entries"
        + (GrainCalls is { } calls ? string.Create(CultureInfo.InvariantCulture, $", grain calls: {calls.Login:F2} per login, {calls.SignIn:F2} per sign-in") : string.Empty)
        + string.Concat(Wrong.Take(3).Select(wrong => $"\n    {wrong}"));
}
