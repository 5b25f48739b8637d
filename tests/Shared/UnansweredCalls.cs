using OrleansSessions.Contracts;

namespace OrleansSessions.Tests.Shared;

/// <summary>Repetition of grain calls that are made without a client. On a busy machine an answer can take longer than the response timeout.</summary>
internal static class UnansweredCalls
{
    private const int MaxAttempts = 20;

    /// <summary>Makes a call until it's answered.</summary>
    /// <param name="call">The call. It must mean the same each time: it changes nothing, or has one operation id.</param>
    /// <param name="again">The call after one without an answer; null: the same.</param>
    public static async ValueTask<TResult> RepeatAsync<TResult>(Func<ValueTask<TResult>> call, Func<ValueTask<TResult>>? again = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await (attempt == 1 || again is null ? call() : again());
            }
            catch (Exception exception) when (attempt < MaxAttempts && exception is TimeoutException or SessionOwnershipException)
            {
                // The next attempt follows at once: this one has waited.
            }
        }
    }

    /// <summary>Makes a commit another attempt of itself, as frontends do.</summary>
    public static SessionCommit AsRetry(this SessionCommit commit) => commit.Age > TimeSpan.Zero ? commit : commit with { Age = TimeSpan.FromTicks(1) };
}
