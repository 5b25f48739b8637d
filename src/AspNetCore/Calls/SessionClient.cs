using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using Polly;
using Polly.Retry;

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
    private readonly TimeSpan _ioTimeout;
    private readonly ResiliencePipeline _repetition;

    public SessionClient(IGrainFactory grains, IOptions<OrleansSessionOptions> options, TimeProvider time)
    {
        _grains = grains;
        _time = time;
        _ioTimeout = options.Value.IOTimeout;
        _repetition = new ResiliencePipelineBuilder { TimeProvider = time }
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

    public ValueTask<LoadResult> LoadAsync(SessionKey key, CancellationToken cancellationToken) =>
        CallAsync(key, true, static (grain, touch, _) => grain.LoadAsync(touch), cancellationToken);

    public ValueTask<CommitResult> CommitAsync(SessionKey key, SessionCommit commit, CancellationToken cancellationToken) =>
        CallAsync(key, commit, static (grain, commit, age) => grain.CommitAsync(age == default ? commit : commit with { Age = age }), cancellationToken);

    public ValueTask<bool> RefreshAsync(SessionKey key, CancellationToken cancellationToken) =>
        CallAsync(key, true, static (grain, _, _) => grain.RefreshAsync(), cancellationToken);

    public ValueTask<bool> DestroyAsync(SessionKey key, Guid incarnation, CancellationToken cancellationToken) =>
        CallAsync(key, incarnation, static (grain, incarnation, _) => grain.DestroyAsync(incarnation, EndReason.Destroyed), cancellationToken);

    public ValueTask<bool> RotateAsync(SessionKey key, SessionKey newKey, Guid incarnation, CancellationToken cancellationToken) =>
        CallAsync(key, (newKey, incarnation), static (grain, call, _) => grain.RotateAsync(call.newKey.Value, call.incarnation), cancellationToken);

    /// <summary>A call that got no answer, was turned away by a silo, or was given up by one on its way to the session.</summary>
    private static bool IsTransient(Exception? exception, CancellationToken ours) =>
        exception is (TimeoutException or OrleansException or OperationCanceledException) and not SessionUnavailableException && !ours.IsCancellationRequested;

    /// <exception cref="OrleansException">The client has not connected yet: it learns from a silo which grains there are.</exception>
    private ISessionGrain GetGrain(SessionKey key)
    {
        try
        {
            return _grains.GetGrain<ISessionGrain>(key.Value);
        }
        catch (ArgumentException exception)
        {
            throw new OrleansException("The client of the session cluster has not connected yet.", exception);
        }
    }

    private async ValueTask<TResult> CallAsync<TArgument, TResult>(
        SessionKey key,
        TArgument argument,
        Func<ISessionGrain, TArgument, TimeSpan, ValueTask<TResult>> call,
        CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        try
        {
            // Nearly every call is answered at once: it shall not pay for the machinery of repetition.
            return await call(GetGrain(key), argument, default);
        }
        catch (Exception exception) when (IsTransient(exception, cancellationToken))
        {
            return await RepeatAsync(key, argument, call, started, exception, cancellationToken);
        }
    }

    private async Task<TResult> RepeatAsync<TArgument, TResult>(
        SessionKey key,
        TArgument argument,
        Func<ISessionGrain, TArgument, TimeSpan, ValueTask<TResult>> call,
        long started,
        Exception first,
        CancellationToken cancellationToken)
    {
        TimeSpan left = _ioTimeout - _time.GetElapsedTime(started);
        using var timeout = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Exception last = first;
        try
        {
            return await _repetition.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        token.ThrowIfCancellationRequested();
                        return await call(GetGrain(key), argument, _time.GetElapsedTime(started)).AsTask().WaitAsync(token);
                    }
                    catch (Exception exception) when (IsTransient(exception, token))
                    {
                        last = exception;
                        throw;
                    }
                },
                either.Token);
        }
        catch (Exception exception) when (
            exception is (OperationCanceledException or TimeoutException or OrleansException) and not SessionUnavailableException
            && timeout.IsCancellationRequested
            && !cancellationToken.IsCancellationRequested)
        {
            throw new SessionUnavailableException(
                "No silo of the session cluster answered in time. What was to be stored may or may not have been; load the session again to see.", last);
        }
    }
}
