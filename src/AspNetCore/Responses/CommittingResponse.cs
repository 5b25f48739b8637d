using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansSessions.AspNetCore.Responses;

/// <summary>
/// Response feature in front of the server's. It collects the application's callbacks for the response start and runs them before the commit, because they may
/// change the session, as MVC does when it saves TempData.
/// </summary>
internal sealed class CommittingResponse(IHttpResponseFeature inner) : IHttpResponseFeature
{
    private Stack<(Func<object, Task> Callback, object State)>? _callbacks = new();

    /// <summary>The server's response. Its callbacks run even if the response becomes an error page.</summary>
    public IHttpResponseFeature Inner => inner;

    public int StatusCode
    {
        get => inner.StatusCode;
        set => inner.StatusCode = value;
    }

    public string? ReasonPhrase
    {
        get => inner.ReasonPhrase;
        set => inner.ReasonPhrase = value;
    }

    public IHeaderDictionary Headers
    {
        get => inner.Headers;
        set => inner.Headers = value;
    }

    [Obsolete("Use IHttpResponseBodyFeature.Stream instead.")]
    public Stream Body
    {
        get => inner.Body;
        set => inner.Body = value;
    }

    public bool HasStarted => inner.HasStarted;

    public void OnStarting(Func<object, Task> callback, object state)
    {
        if (_callbacks is null)
        {
            inner.OnStarting(callback, state);
        }
        else
        {
            _callbacks.Push((callback, state));
        }
    }

    public void OnCompleted(Func<object, Task> callback, object state) => inner.OnCompleted(callback, state);

    /// <summary>Runs the callbacks in reverse order of registration, like the server. Later callbacks go to the server.</summary>
    public async ValueTask RunCallbacksAsync()
    {
        while (_callbacks is not null && _callbacks.TryPop(out (Func<object, Task> Callback, object State) next))
        {
            await next.Callback(next.State);
        }

        _callbacks = null;
    }

    /// <summary>Passes the remaining callbacks to the server: the application failed, and another component responds.</summary>
    public void HandOver()
    {
        (Func<object, Task> Callback, object State)[] left = _callbacks?.ToArray() ?? [];
        _callbacks = null;
        foreach ((Func<object, Task> callback, object state) in left.Reverse())
        {
            inner.OnStarting(callback, state);
        }
    }
}
