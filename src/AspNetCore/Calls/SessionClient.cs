using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace OrleansSessions.AspNetCore.Calls;

/// <summary>
/// Calls session grains so that a silo that dies or leaves costs time and no error: an attempt that gets no answer within its response timeout is repeated,
/// with jittered back-off, until <see cref="OrleansSessionOptions.IOTimeout"/>.
/// </summary>
internal sealed class SessionClient
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(400);

    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _repetition;

    public SessionClient(IGrainFactory grains, IOptions<OrleansSessionOptions> options, TimeProvider time)
    {
        _grains = grains;
        _time = time;
        _repetition = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(options.Value.IOTimeout)
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static arguments => ValueTask.FromResult(IsTransient(arguments.Outcome.Exception)),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
            })
            .Build();
    }

    public ValueTask<LoadResult> LoadAsync(SessionKey key, CancellationToken cancellationToken) =>
        CallAsync(key, true, static (grain, touch, _) => grain.LoadAsync(touch), cancellationToken);

    public ValueTask<CommitResult> CommitAsync(SessionKey key, SessionCommit commit, CancellationToken cancellationToken) =>
        CallAsync(key, commit, static (grain, commit, age) => grain.CommitAsync(age == default ? commit : commit with { Age = age }), cancellationToken);

    public ValueTask<bool> DestroyAsync(SessionKey key, Guid incarnation, CancellationToken cancellationToken) =>
        CallAsync(key, incarnation, static (grain, incarnation, _) => grain.DestroyAsync(incarnation, EndReason.Destroyed), cancellationToken);

    public ValueTask<bool> RotateAsync(SessionKey key, SessionKey newKey, Guid incarnation, CancellationToken cancellationToken) =>
        CallAsync(key, (newKey, incarnation), static (grain, call, _) => grain.RotateAsync(call.newKey.Value, call.incarnation), cancellationToken);

    private static bool IsTransient(Exception? exception) => exception is TimeoutException or OrleansException;

    private async ValueTask<TResult> CallAsync<TArgument, TResult>(
        SessionKey key,
        TArgument argument,
        Func<ISessionGrain, TArgument, TimeSpan, ValueTask<TResult>> call,
        CancellationToken cancellationToken)
    {
        ISessionGrain grain = _grains.GetGrain<ISessionGrain>(key.Value);
        long started = _time.GetTimestamp();
        try
        {
            // Nearly every call is answered at once: it shall not pay for the machinery of repetition.
            return await call(grain, argument, default);
        }
        catch (Exception exception) when (IsTransient(exception))
        {
            return await RepeatAsync(grain, argument, call, started, exception, cancellationToken);
        }
    }

    private async Task<TResult> RepeatAsync<TArgument, TResult>(
        ISessionGrain grain,
        TArgument argument,
        Func<ISessionGrain, TArgument, TimeSpan, ValueTask<TResult>> call,
        long started,
        Exception first,
        CancellationToken cancellationToken)
    {
        try
        {
            return await _repetition.ExecuteAsync(
                async token =>
                {
                    token.ThrowIfCancellationRequested();
                    return await call(grain, argument, _time.GetElapsedTime(started)).AsTask().WaitAsync(token);
                },
                cancellationToken);
        }
        catch (TimeoutRejectedException timeout)
        {
            throw new SessionUnavailableException(
                "No silo of the session cluster answered in time. What was to be stored may or may not have been; load the session again to see.",
                timeout.InnerException ?? first);
        }
    }
}
