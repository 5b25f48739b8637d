using System.Runtime.CompilerServices;
using Orleans.Serialization;
using OrleansSessions.Client.Telemetry;
using OrleansSessions.Contracts;
using Polly;
using Polly.Retry;

namespace OrleansSessions.Client;

/// <summary>Calls to grains, retried with jittered back-off until the I/O timeout.</summary>
internal sealed class GrainCalls
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(400);

    private readonly TimeSpan _ioTimeout;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _retries;

    public GrainCalls(TimeSpan ioTimeout, TimeProvider time)
    {
        _ioTimeout = ioTimeout;
        _time = time;
        _retries = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static arguments => ValueTask.FromResult(IsTransient(arguments.Outcome.Exception, arguments.Context.CancellationToken)),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
            })
            .Build();
    }

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>The time after which a call that starts now is given up.</summary>
    public DateTimeOffset Deadline => Now + _ioTimeout;

    /// <param name="grains">The references of the grain's interface.</param>
    /// <param name="key">The grain's key.</param>
    /// <param name="argument">The argument of <paramref name="call"/>, which avoids a closure.</param>
    /// <param name="call">The call; its last argument is the time since the first attempt, zero for that attempt.</param>
    /// <param name="cancellationToken">Ends the retries.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TResult> RunAsync<TGrain, TArgument, TResult>(
        GrainReferences<TGrain> grains,
        string key,
        TArgument argument,
        Func<TGrain, TArgument, TimeSpan, ValueTask<TResult>> call,
        CancellationToken cancellationToken)
        where TGrain : IGrainWithStringKey
    {
        long started = _time.GetTimestamp();
        try
        {
            // Fast path: skip the retry pipeline.
            return await call(grains.Get(key), argument, default);
        }
        catch (SessionUnavailableException)
        {
            ClientMetrics.Refused();
            throw;
        }
        catch (Exception exception) when (IsTransient(exception, cancellationToken))
        {
            return await RetryAsync(grains, key, argument, call, started, exception, cancellationToken);
        }
    }

    private async Task<TResult> RetryAsync<TGrain, TArgument, TResult>(
        GrainReferences<TGrain> grains,
        string key,
        TArgument argument,
        Func<TGrain, TArgument, TimeSpan, ValueTask<TResult>> call,
        long started,
        Exception first,
        CancellationToken cancellationToken)
        where TGrain : IGrainWithStringKey
    {
        TimeSpan left = _ioTimeout - _time.GetElapsedTime(started);
        using var timeout = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Exception last = first;
        try
        {
            return await _retries.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        token.ThrowIfCancellationRequested();
                        ClientMetrics.Repeated();

                        // Never zero, so that a retry is recognizable even if the clock stands still.
                        var age = TimeSpan.FromTicks(Math.Max(1, _time.GetElapsedTime(started).Ticks));
                        return await call(grains.Get(key), argument, age).AsTask().WaitAsync(token);
                    }
                    catch (Exception exception) when (IsTransient(exception, token))
                    {
                        last = exception;
                        throw;
                    }
                },
                either.Token);
        }
        catch (SessionUnavailableException)
        {
            ClientMetrics.Refused();
            throw;
        }
        catch (Exception exception) when (
            IsNoAnswer(exception)
            && timeout.IsCancellationRequested
            && !cancellationToken.IsCancellationRequested)
        {
            ClientMetrics.TimedOut();
            throw new SessionUnavailableException(
                "No silo of the session cluster answered in time. A change may or may not have been stored; load the session again to find out.", last);
        }
    }

    private static bool IsTransient(Exception? exception, CancellationToken ours) =>
        IsNoAnswer(exception) && !ours.IsCancellationRequested;

    /// <summary>
    /// Whether a call got no answer, was rejected by a silo, or was given up on its way to the session. The last two types replace exceptions that Orleans can't serialize.
    /// </summary>
    private static bool IsNoAnswer(Exception? exception) =>
        exception is not (SessionUnavailableException or SessionEncryptionException)
        and (TimeoutException or OrleansException or OperationCanceledException or CodecNotFoundException or UnavailableExceptionFallbackException);
}
