using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Session;
using Microsoft.Extensions.DependencyInjection;
using OrleansSessions.AspNetCore.Tests.Applications;
using OrleansSessions.AspNetCore.Tests.Calls;
using OrleansSessions.AspNetCore.Tests.Cluster;
using OrleansSessions.Contracts;
using Xunit;

namespace OrleansSessions.AspNetCore.Tests.Sessions;

/// <summary>Cancellation tokens of the session's asynchronous members.</summary>
public sealed class CancellationTests(SessionCluster cluster)
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    [Fact]
    public async Task Members_WithACancelledToken_CancelAndStoreNothing()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();

        await lab.RunAsync(browser, async session =>
        {
            session.SetString("a", "2");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.LoadAsync(Cancelled));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.CommitAsync(Cancelled));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.IncrementAsync("n", 1, Cancelled));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.UpdateAsync<int>("n", n => n + 1, Cancelled));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.RotateAsync(Cancelled));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.DestroyAsync(Cancelled));
            Assert.Empty(lab.Grains.Commits);
        });

        // Pending changes are stored at the end of the request, despite the cancelled attempt.
        Assert.Equal("2", await lab.AskAsync(browser, session => session.GetString("a")));
    }

    [Fact]
    public async Task Commit_CancelledWhileItIsUnderWay_IsNotWaitedFor()
    {
        await using Lab lab = await Lab.StartAsync(cluster.Grains);
        using Browser browser = await lab.NewSessionAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lab.Grains.EndOnce(nameof(ISessionGrain.CommitAsync), NeverAsync(arrived));

        await lab.RunAsync(browser, async session =>
        {
            using var patience = new CancellationTokenSource();
            session.SetString("a", "2");
            Task commit = session.CommitAsync(patience.Token);
            await arrived.Task;
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
        });

        Assert.Equal("2", await lab.AskAsync(browser, session => session.GetString("a")));
    }

    [Fact]
    public async Task Load_CancelledWhileItIsUnderWay_IsNotWaitedFor()
    {
        var grains = new ScriptedGrains(cluster.Grains);
        await using TestApp app = await TestApp.StartAsync(grains, TestPipeline.Sessions);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        grains.EndOnce(nameof(ISessionGrain.LoadAsync), NeverAsync(arrived));
        ISession session = app.Services.GetRequiredService<ISessionStore>().Create(
            SessionToken.Create().Value, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5), () => true, isNewSessionKey: false);

        using var patience = new CancellationTokenSource();
        Task load = session.LoadAsync(patience.Token);
        await arrived.Task;
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => load);
    }

    private static Func<Task<object>> NeverAsync(TaskCompletionSource arrived) => () =>
    {
        arrived.SetResult();
        return new TaskCompletionSource<object>().Task;
    };
}
