using OrleansSessions.Client.Telemetry;
using OrleansSessions.Contracts;
using Polly;
using Polly.Retry;

namespace OrleansSessions.Client;

/// <summary>
/// Calls session grains so that a silo that dies or leaves costs time and no error: an attempt that gets no answer within its response timeout is repeated,
/// with jittered back-off, until the I/O timeout. Every call throws <see cref="SessionUnavailableException"/> when that has passed, or when Redis is away.
/// </summary>
public sealed class SessionClient
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(400);

    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly TimeSpan _ioTimeout;
    private readonly ResiliencePipeline _repetition;

    /// <param name="grains">An Orleans client, or a silo's own grain factory.</param>
    /// <param name="ioTimeout">How long a call may take with all its repetitions.</param>
    /// <param name="time">The clock.</param>
    public SessionClient(IGrainFactory grains, TimeSpan ioTimeout, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentNullException.ThrowIfNull(time);
        _grains = grains;
        _time = time;
        _ioTimeout = ioTimeout;
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

    /// <inheritdoc cref="ISessionGrain.LoadAsync"/>
    public ValueTask<LoadResult> LoadAsync(SessionKey key, bool touch, CancellationToken cancellationToken) =>
        CallAsync<ISessionGrain, bool, LoadResult>(key, touch, static (grain, touch, _) => grain.LoadAsync(touch), cancellationToken);

    /// <inheritdoc cref="ISessionGrain.CommitAsync"/>
    public ValueTask<CommitResult> CommitAsync(SessionKey key, SessionCommit commit, CancellationToken cancellationToken) =>
        CallAsync<ISessionGrain, SessionCommit, CommitResult>(
            key, commit, static (grain, commit, age) => grain.CommitAsync(age == default ? commit : commit with { Age = age }), cancellationToken);

    /// <inheritdoc cref="ISessionGrain.RefreshAsync"/>
    public ValueTask<bool> RefreshAsync(SessionKey key, CancellationToken cancellationToken) =>
        CallAsync<ISessionGrain, bool, bool>(key, true, static (grain, _, _) => grain.RefreshAsync(), cancellationToken);

    /// <inheritdoc cref="ISessionGrain.DestroyAsync"/>
    public ValueTask<bool> DestroyAsync(SessionKey key, Guid? incarnation, CancellationToken cancellationToken) =>
        CallAsync<ISessionGrain, Guid?, bool>(key, incarnation, static (grain, incarnation, _) => grain.DestroyAsync(incarnation, EndReason.Destroyed), cancellationToken);

    /// <inheritdoc cref="ISessionGrain.DestroyUnchangedAsync"/>
    public ValueTask<bool> DestroyUnchangedAsync(SessionKey key, Guid incarnation, long version, CancellationToken cancellationToken) =>
        CallAsync<ISessionGrain, (Guid Incarnation, long Version, Guid OperationId), bool>(
            key,
            (incarnation, version, Guid.NewGuid()),
            static (grain, call, _) => grain.DestroyUnchangedAsync(call.Incarnation, call.Version, call.OperationId),
            cancellationToken);

    /// <inheritdoc cref="ISessionGrain.RotateAsync"/>
    public ValueTask<bool> RotateAsync(SessionKey key, SessionKey newKey, Guid incarnation, CancellationToken cancellationToken) =>
        CallAsync<ISessionGrain, (SessionKey NewKey, Guid Incarnation), bool>(
            key, (newKey, incarnation), static (grain, call, _) => grain.RotateAsync(call.NewKey.Value, call.Incarnation), cancellationToken);

    /// <inheritdoc cref="ISessionLockGrain.AcquireAsync"/>
    public ValueTask<bool> AcquireLockAsync(SessionKey key, SessionLockRequest request, CancellationToken cancellationToken) =>
        CallAsync<ISessionLockGrain, SessionLockRequest, bool>(key, request, static (grain, request, _) => grain.AcquireAsync(request), cancellationToken);

    /// <inheritdoc cref="ISessionLockGrain.GetLockAsync"/>
    public ValueTask<SessionLock?> GetLockAsync(SessionKey key, CancellationToken cancellationToken) =>
        CallAsync<ISessionLockGrain, bool, SessionLock?>(key, true, static (grain, _, _) => grain.GetLockAsync(), cancellationToken);

    /// <inheritdoc cref="ISessionLockGrain.ReleaseAsync"/>
    public ValueTask<bool> ReleaseLockAsync(SessionKey key, byte[]? owner, CancellationToken cancellationToken) =>
        CallAsync<ISessionLockGrain, byte[]?, bool>(key, owner, static (grain, owner, _) => grain.ReleaseAsync(owner), cancellationToken);

    /// <inheritdoc cref="ISessionLockGrain.ExtendAsync"/>
    public ValueTask<bool> ExtendLockAsync(SessionKey key, TimeSpan lease, CancellationToken cancellationToken) =>
        CallAsync<ISessionLockGrain, TimeSpan, bool>(key, lease, static (grain, lease, _) => grain.ExtendAsync(lease), cancellationToken);

    /// <summary>A call that got no answer, was turned away by a silo, or was given up by one on its way to the session.</summary>
    private static bool IsTransient(Exception? exception, CancellationToken ours) =>
        exception is (TimeoutException or OrleansException or OperationCanceledException) and not SessionUnavailableException && !ours.IsCancellationRequested;

    /// <exception cref="OrleansException">The client has not connected yet: it learns from a silo which grains there are.</exception>
    private TGrain GetGrain<TGrain>(SessionKey key)
        where TGrain : IGrainWithStringKey
    {
        try
        {
            return _grains.GetGrain<TGrain>(key.Value);
        }
        catch (ArgumentException exception)
        {
            throw new OrleansException("The client of the session cluster has not connected yet.", exception);
        }
    }

    private async ValueTask<TResult> CallAsync<TGrain, TArgument, TResult>(
        SessionKey key,
        TArgument argument,
        Func<TGrain, TArgument, TimeSpan, ValueTask<TResult>> call,
        CancellationToken cancellationToken)
        where TGrain : IGrainWithStringKey
    {
        long started = _time.GetTimestamp();
        try
        {
            // Nearly every call is answered at once: it shall not pay for the machinery of repetition.
            return await call(GetGrain<TGrain>(key), argument, default);
        }
        catch (SessionUnavailableException)
        {
            ClientMetrics.Refused();
            throw;
        }
        catch (Exception exception) when (IsTransient(exception, cancellationToken))
        {
            return await RepeatAsync(key, argument, call, started, exception, cancellationToken);
        }
    }

    private async Task<TResult> RepeatAsync<TGrain, TArgument, TResult>(
        SessionKey key,
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
            return await _repetition.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        token.ThrowIfCancellationRequested();
                        ClientMetrics.Repeated();
                        return await call(GetGrain<TGrain>(key), argument, _time.GetElapsedTime(started)).AsTask().WaitAsync(token);
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
            exception is (OperationCanceledException or TimeoutException or OrleansException) and not SessionUnavailableException
            && timeout.IsCancellationRequested
            && !cancellationToken.IsCancellationRequested)
        {
            ClientMetrics.TimedOut();
            throw new SessionUnavailableException(
                "No silo of the session cluster answered in time. What was to be stored may or may not have been; load the session again to see.", last);
        }
    }
}
