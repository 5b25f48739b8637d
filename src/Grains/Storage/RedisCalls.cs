using System.Diagnostics;
using Orleans.Storage;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Telemetry;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Storage;

/// <summary>Calls Redis for the sessions and their expiry index: with a span, counted, and with failures of a type that callers know.</summary>
internal sealed class RedisCalls(RedisConnection connection, StorageMetrics metrics)
{
    /// <summary>Runs a call. It may make others.</summary>
    /// <param name="operation">What it is counted as.</param>
    /// <param name="failure">What callers are told if Redis does not answer. The cause stays in this silo's log: it is of a type that callers may not know.</param>
    /// <param name="call">The call.</param>
    /// <param name="argument">What the call needs.</param>
    /// <exception cref="SessionUnavailableException">Redis did not answer, or did not do as it was asked.</exception>
    public async Task<TResult> RunAsync<TArgument, TResult>(
        StorageOperation operation, string failure, Func<IDatabase, TArgument, Task<TResult>> call, TArgument argument)
    {
        long started = Stopwatch.GetTimestamp();
        Activity? span = StorageMetrics.StartSpan(operation);
        string outcome = Outcomes.Error;
        try
        {
            TResult result = await call((await connection.GetMultiplexerAsync()).GetDatabase(), argument);
            outcome = Outcomes.Ok;
            return result;
        }
        catch (SessionUnavailableException)
        {
            // A call within this one did not get an answer, and has told so.
            outcome = Outcomes.Unavailable;
            throw;
        }
        catch (InconsistentStateException)
        {
            outcome = Outcomes.Conflict;
            throw;
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            outcome = Outcomes.Unavailable;
            connection.ReportFailure(exception);
            throw new SessionUnavailableException(failure);
        }
        finally
        {
            metrics.Answered(operation, outcome, started, span);
        }
    }
}
