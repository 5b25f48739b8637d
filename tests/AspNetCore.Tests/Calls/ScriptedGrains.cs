using System.Collections.Concurrent;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Tests.Calls;

/// <summary>
/// Stands between a frontend and the cluster: writes down which session grains it calls, and lets calls fail as a test wants it. Each failure is used once.
/// </summary>
internal sealed class ScriptedGrains(IGrainFactory inner) : IGrainFactory
{
    private readonly ConcurrentQueue<GrainCall> _calls = [];
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ScriptedFailure>> _failures = [];

    public IReadOnlyList<GrainCall> Calls => [.. _calls];

    public IEnumerable<string> Methods => _calls.Select(call => call.Method);

    public IReadOnlyList<SessionCommit> Commits => [.. _calls.Where(call => call.Commit is not null).Select(call => call.Commit!)];

    public void ForgetCalls() => _calls.Clear();

    /// <summary>The next call of a method fails before it reaches the cluster.</summary>
    public void Fail(string method, Exception exception, int times = 1) => Script(method, new ScriptedFailure(exception, Arrives: false), times);

    /// <summary>The next call of a method is done by the cluster, and its answer is lost.</summary>
    public void LoseAnswer(string method, Exception exception, int times = 1) => Script(method, new ScriptedFailure(exception, Arrives: true), times);

    /// <summary>From now on, each call of a method waits for the task and then fails.</summary>
    public void FailAlways(string method, Func<Task<Exception>> failure) => Script(method, new ScriptedFailure(failure), times: 1);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        var grain = inner.GetGrain<TGrainInterface>(primaryKey, grainClassNamePrefix);
        return grain is ISessionGrain session ? (TGrainInterface)(object)new ScriptedSessionGrain(session, primaryKey, this) : grain;
    }

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => inner.GetGrain<TGrainInterface>(primaryKey, grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => inner.GetGrain<TGrainInterface>(primaryKey, grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey => inner.GetGrain<TGrainInterface>(primaryKey, keyExtension, grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey => inner.GetGrain<TGrainInterface>(primaryKey, keyExtension, grainClassNamePrefix);

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => inner.CreateObjectReference<TGrainObserverInterface>(obj);

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => inner.DeleteObjectReference<TGrainObserverInterface>(obj);

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => inner.GetGrain(grainInterfaceType, grainPrimaryKey);

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => inner.GetGrain(grainInterfaceType, grainPrimaryKey);

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => inner.GetGrain(grainInterfaceType, grainPrimaryKey);

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) =>
        inner.GetGrain(grainInterfaceType, grainPrimaryKey, keyExtension);

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) =>
        inner.GetGrain(grainInterfaceType, grainPrimaryKey, keyExtension);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => inner.GetGrain<TGrainInterface>(grainId);

    public IAddressable GetGrain(GrainId grainId) => inner.GetGrain(grainId);

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => inner.GetGrain(grainId, interfaceType);

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string? grainClassNamePrefix) =>
        inner.GetGrain(interfaceType, grainKey, grainClassNamePrefix!);

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => inner.GetGrain(interfaceType, grainKey);

    internal async ValueTask<TResult> CallAsync<TResult>(GrainCall call, Func<ValueTask<TResult>> send)
    {
        _calls.Enqueue(call);
        if (!_failures.TryGetValue(call.Method, out ConcurrentQueue<ScriptedFailure>? script) || !script.TryPeek(out ScriptedFailure? failure))
        {
            return await send();
        }

        if (!failure.IsForever)
        {
            script.TryDequeue(out _);
        }

        if (failure.Arrives)
        {
            await send();
        }

        throw await failure.Failure();
    }

    private void Script(string method, ScriptedFailure failure, int times)
    {
        ConcurrentQueue<ScriptedFailure> script = _failures.GetOrAdd(method, static _ => []);
        for (int i = 0; i < times; i++)
        {
            script.Enqueue(failure);
        }
    }
}
