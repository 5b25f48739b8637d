using CsCheck;
using OrleansSessions.Faults.Tests.Checking;
using OrleansSessions.Faults.Tests.Histories;
using Xunit;

namespace OrleansSessions.Faults.Tests.CheckingTests;

/// <summary>The fast checker against generated histories and the general search.</summary>
public sealed class SessionCheckerPropertyTests
{
    private static readonly Gen<(int Seed, int Length)> Histories = Gen.Select(Gen.Int, Gen.Int[2, 40]);
    private static readonly Gen<(int Seed, int Length)> ShortHistories = Gen.Select(Gen.Int, Gen.Int[2, 14]);

    [Fact]
    public void Check_CorrectHistory_FindsNothing() => Histories.Sample(
        static pair =>
        {
            List<Operation> history = new HistoryMaker(pair.Seed).MakeCorrect(pair.Length, together: true);
            Verdict verdict = SessionChecker.Check(history);
            return verdict.IsCorrect ? true : throw new InvalidOperationException(Describe(history, verdict));
        },
        iter: 5_000);

    [Fact]
    public void Search_CorrectHistory_FindsAnOrder() => Histories.Sample(
        static pair => LinearizabilitySearch.IsLinearizable(new HistoryMaker(pair.Seed).MakeCorrect(pair.Length, together: true)) != false, iter: 2_000);

    [Fact]
    public void Check_ChangedHistory_DecidesAsTheSearchDoes()
    {
        int wrong = 0;
        ShortHistories.Sample(
            pair =>
            {
                HistoryMaker maker = new(pair.Seed);
                List<Operation> history = maker.Mutate(maker.Mutate(maker.MakeCorrect(pair.Length, together: false)));
                Verdict verdict = SessionChecker.Check(history);
                bool? isLinearizable = LinearizabilitySearch.IsLinearizable(history, maxSteps: 200_000);
                if (isLinearizable == false)
                {
                    Interlocked.Increment(ref wrong);
                }

                return isLinearizable is null || isLinearizable == verdict.IsCorrect
                    ? true
                    : throw new InvalidOperationException($"search: {isLinearizable}\n{Describe(history, verdict)}");
            },
            iter: 20_000);
        Assert.True(wrong > 1_000, $"Only {wrong} of the changed histories are wrong.");
    }

    private static string Describe(List<Operation> history, Verdict verdict) => string.Join(
        '\n',
    [
        .. verdict.Violations.Select(violation => $"{violation.Kind}: {violation.Reason} {violation.Operation}"),
        .. history.Select(operation => operation.ToString() + string.Join(',', operation.Seen?.Entries ?? new HashSet<string>())),
    ]);
}
