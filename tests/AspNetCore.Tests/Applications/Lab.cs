using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tests.Calls;
using Xunit;
using Xunit.Sdk;

namespace OrleansSessions.AspNetCore.Tests.Applications;

/// <summary>Application whose requests run a handler given by the test.</summary>
internal sealed class Lab : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _handlers;
    private readonly TestApp _app;

    private Lab(TestApp app, ConcurrentDictionary<string, Func<HttpContext, Task>> handlers)
    {
        _app = app;
        _handlers = handlers;
    }

    public ScriptedGrains Grains => _app.Grains;

    public LogCapture Logs => _app.Logs;

    public static async Task<Lab> StartAsync(IGrainFactory cluster, Action<WebApplicationBuilder>? configure = null)
    {
        ConcurrentDictionary<string, Func<HttpContext, Task>> handlers = [];
        TestApp app = await TestApp.StartAsync(
            cluster,
            app =>
            {
                app.UseRouting();
                app.UseOrleansSessions();
                app.Map("/{id}", (HttpContext context, string id) => handlers[id](context));
            },
            configure);
        return new Lab(app, handlers);
    }

    public Browser NewBrowser() => _app.NewBrowser();

    /// <summary>A browser with a session that has the entry <c>a</c> = <c>1</c>.</summary>
    public async Task<Browser> NewSessionAsync()
    {
        Browser browser = NewBrowser();
        await RunAsync(browser, session => session.SetString("a", "1"));
        Grains.ForgetCalls();
        return browser;
    }

    /// <summary>Sends a request that uses the session. It must succeed.</summary>
    public Task RunAsync(Browser browser, Action<IOrleansSession> handler) => RunAsync(browser, session =>
    {
        handler(session);
        return Task.CompletedTask;
    });

    /// <inheritdoc cref="RunAsync(Browser, Action{IOrleansSession})" />
    public async Task RunAsync(Browser browser, Func<IOrleansSession, Task> handler)
    {
        using HttpResponseMessage response = await SendAsync(browser, context => handler(context.GetOrleansSession()));
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {await response.TextAsync()}");
    }

    /// <summary>Sends a request that returns a value from the session.</summary>
    public async Task<T> AskAsync<T>(Browser browser, Func<IOrleansSession, T> question)
    {
        T answer = default!;
        await RunAsync(browser, session => answer = question(session));
        return answer;
    }

    /// <summary>Sends a request, and returns its response whatever the status. Rethrows a failed assertion of the handler.</summary>
    public async Task<HttpResponseMessage> SendAsync(Browser browser, Func<HttpContext, Task> handler)
    {
        string id = Guid.NewGuid().ToString("N");
        Exception? failedAssertion = null;
        _handlers[id] = async context =>
        {
            try
            {
                await handler(context);
            }
            catch (Exception exception) when (exception is IAssertionException)
            {
                failedAssertion = exception;
            }
        };
        HttpResponseMessage response = await browser.PostAsync("/" + id);
        return failedAssertion is null ? response : throw failedAssertion;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
