using System.Diagnostics;
using OrleansSessions.Faults.Tests.Checking;
using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>
/// Session whose cookie is replaced repeatedly. One browser uses it and tries its old cookies after their grace. If the response to a rotation is lost, so is the
/// cookie, and the session is abandoned.
/// </summary>
internal sealed class RotatedSession(string name, int seed, Pace pace, HttpDoor door) : HttpSession(name, seed, pace, door)
{
    private const string Browser = "browser";
    private const int StepsPerRotation = 8;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(13);

    private readonly Queue<(string Cookie, long Replaced)> _old = new();
    private bool _isLost;

    public override async Task UseAsync(CancellationToken stop)
    {
        if (!await CreateAsync(stop))
        {
            return;
        }

        for (int step = 1; !stop.IsCancellationRequested && !_isLost; step++)
        {
            if (IsReadOnly)
            {
                await ReadAsync(Frontend(), Browser);
            }
            else if (step % StepsPerRotation == 0)
            {
                await RotateAsync();
            }
            else
            {
                await (Next(2) == 0 ? ReadAsync(Frontend(), Browser) : IncrementAsync(Browser));
            }

            await TryOldAsync();
            await PauseAsync();
        }
    }

    public override async Task HauntAsync(CancellationToken stop)
    {
        while (_old.Count > 0 && !stop.IsCancellationRequested)
        {
            await TryOldAsync();
            await IdleAsync();
        }
    }

    public override Task FinishAsync() => _isLost ? Task.CompletedTask : base.FinishAsync();

    public override Verdict Check(Loss? loss)
    {
        IReadOnlyList<Operation> operations = History.Operations;
        Operation[] content = [.. operations.Where(operation => operation.Action is not (Action.Rotate or Action.ReadWithOldCookie))];
        Verdict verdict = loss is null ? SessionChecker.Check(content) : LossChecker.Check(content, loss);
        if (loss?.Copy is null)
        {
            RotationChecker.Check(operations, verdict);
        }

        return verdict;
    }

    private async Task RotateAsync()
    {
        string before = Cookie!;
        HttpAnswer answer = await RotateAsync(Browser);
        if (answer is { IsSuccess: true, Cookie: { } cookie } && cookie != before)
        {
            _old.Enqueue((before, Stopwatch.GetTimestamp()));
            Cookie = cookie;
        }
        else
        {
            _isLost = true;
        }
    }

    private async Task TryOldAsync()
    {
        if (_old.TryPeek(out (string Cookie, long Replaced) old) && Stopwatch.GetElapsedTime(old.Replaced) > Grace)
        {
            _old.Dequeue();
            await ReadWithOldCookieAsync(old.Cookie, Browser);
        }
    }
}
