using System.Diagnostics;
using Orleans.Storage;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Telemetry;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Storage;

/// <summary>Redis calls for sessions and their expiry index: with a span, counted, and with typed failures.</summary>
internal sealed class RedisCalls(RedisConnection connection, StorageMetrics metrics)
{
    /// <summary>Runs a call. It may make others.</summary>
    /// <param name="operation">The operation to count.</param>
    /// <param name="failure">The message for callers if Redis does not answer. The cause stays in this silo's log, because callers may not know its type.</param>
    /// <param name="call">The call.</param>
    /// <param name="argument">The call's argument.</param>
    /// <exception cref="SessionUnavailableException">Redis did not answer or refused the command.</exception>
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
            // A nested call got no answer and has already reported it.
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
