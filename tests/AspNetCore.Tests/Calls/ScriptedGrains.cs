using System.Collections.Concurrent;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore.Tests.Calls;

/// <summary>
/// Grain factory between a frontend and the cluster: records the calls of session grains, and scripts their outcomes. A call that a busy machine doesn't answer in time
/// is repeated here, without a record, as if its answer were only late: tests count the frontend's own calls.
/// </summary>
internal sealed class ScriptedGrains(IGrainFactory inner) : IGrainFactory
{
    private readonly ConcurrentQueue<GrainCall> _calls = [];
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ScriptedEnding>> _endings = [];

    public IReadOnlyList<GrainCall> Calls => [.. _calls];

    public IEnumerable<string> Methods => _calls.Select(call => call.Method);

    public IReadOnlyList<SessionCommit> Commits => [.. _calls.Where(call => call.Commit is not null).Select(call => call.Commit!)];

    public void ForgetCalls() => _calls.Clear();

    /// <summary>The next calls of a method fail before they reach the cluster.</summary>
    public void Fail(string method, Exception exception, int times = 1) =>
        EndOnce(method, () => Task.FromException<object>(exception), times);

    /// <summary>The cluster executes the next calls of a method, but their answers are lost.</summary>
    public void LoseAnswer(string method, Exception exception, int times = 1) =>
        Script(method, new ScriptedEnding(() => Task.FromException<object>(exception), Arrives: true, IsForever: false), times);

    /// <summary>The next call of a method gets this answer.</summary>
    public void Answer(string method, object answer) =>
        EndOnce(method, () => Task.FromResult(answer));

    /// <summary>The next calls of a method end like this and do not reach the cluster.</summary>
    public void EndOnce(string method, Func<Task<object>> ending, int times = 1) =>
        Script(method, new ScriptedEnding(ending, Arrives: false, IsForever: false), times);

    /// <summary>Ends the script of a method.</summary>
    public void Restore(string method) => _endings.TryRemove(method, out _);

    /// <summary>From now on, all calls of a method end like this and do not reach the cluster.</summary>
    public void EndAlways(string method, Func<Task<object>> ending) => Script(method, new ScriptedEnding(ending, Arrives: false, IsForever: true), times: 1);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        var grain = inner.GetGrain<TGrainInterface>(primaryKey, grainClassNamePrefix);
        return grain switch
        {
            ISessionGrain session => (TGrainInterface)(object)new ScriptedSessionGrain(session, primaryKey, this),
            ISessionCreationGrain creation => (TGrainInterface)(object)new ScriptedCreationGrain(creation, inner, this),
            _ => grain,
        };
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

    /// <param name="call">The call to record.</param>
    /// <param name="send">Sends it.</param>
    /// <param name="resend">Sends it again after no answer came; null: as before.</param>
    internal async ValueTask<TResult> CallAsync<TResult>(GrainCall call, Func<ValueTask<TResult>> send, Func<ValueTask<TResult>>? resend = null)
    {
        _calls.Enqueue(call);
        if (!_endings.TryGetValue(call.Method, out ConcurrentQueue<ScriptedEnding>? script) || !script.TryPeek(out ScriptedEnding? ending))
        {
            return await UnansweredCalls.RepeatAsync(send, resend);
        }

        if (!ending.IsForever)
        {
            script.TryDequeue(out _);
        }

        if (ending.Arrives)
        {
            await UnansweredCalls.RepeatAsync(send, resend);
        }

        return (TResult)await ending.Ending();
    }

    private void Script(string method, ScriptedEnding ending, int times)
    {
        ConcurrentQueue<ScriptedEnding> script = _endings.GetOrAdd(method, static _ => []);
        for (int i = 0; i < times; i++)
        {
            script.Enqueue(ending);
        }
    }
}
