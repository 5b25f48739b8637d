using System.Collections.Concurrent;

namespace OrleansSessions.EndToEnd.Tests.Processes;

/// <summary>
/// Dedicated thread that starts processes. Linux sends the parent-death signal when the starting thread ends, not its process, and a pool thread may end at any time;
/// this thread lives as long as the test host.
/// </summary>
internal static class LaunchThread
{
    private static readonly BlockingCollection<Action> Work = [];

    static LaunchThread() => new Thread(Run) { IsBackground = true, Name = "launch" }.Start();

    public static T Invoke<T>(Func<T> start)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                done.SetResult(start());
            }
            catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                done.SetException(failure);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    private static void Run()
    {
        foreach (Action action in Work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
