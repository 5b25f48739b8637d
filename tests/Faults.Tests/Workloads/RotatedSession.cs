using System.Diagnostics;
using OrleansSessions.Faults.Tests.Checking;
using OrleansSessions.Faults.Tests.Histories;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>
/// Session whose cookie is replaced repeatedly. One browser uses it, and reads once more with the old cookie right after each rotation. If the session is stolen, an old
/// cookie is tried after its grace, which ends the session. If the response to a rotation is lost, so is the cookie, and the session is abandoned.
/// </summary>
/// <param name="name">Its name in reports.</param>
/// <param name="seed">Decides what is asked.</param>
/// <param name="pace">How fast.</param>
/// <param name="door">The frontends.</param>
/// <param name="isStolen">Whether an old cookie is tried after its grace.</param>
internal sealed class RotatedSession(string name, int seed, Pace pace, HttpDoor door, bool isStolen) : HttpSession(name, seed, pace, door)
{
    private const string Browser = "browser";
    private const int StepsPerRotation = 8;

    /// <summary>Fewer than a session remembers: an older cookie is as good as one that never was, and ends nothing.</summary>
    private const int MostRotationsOfAStolenOne = 8;

    /// <summary>Longer than the grace, by any clock.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(13);

    /// <summary>A response this soon after the rotation was requested is within the grace, by any clock.</summary>
    private static readonly TimeSpan WithinGrace = TimeSpan.FromSeconds(7);

    private readonly Queue<(string Cookie, long Replaced)> _old = new();
    private int _rotations;
    private bool _isLost;
    private bool _isOver;

    public override async Task UseAsync(CancellationToken stop)
    {
        if (!await CreateAsync(stop))
        {
            return;
        }

        for (int step = 1; !stop.IsCancellationRequested && !_isLost && !_isOver; step++)
        {
            if (IsReadOnly)
            {
                await ReadAsync(Frontend(), Browser);
            }
            else if (step % StepsPerRotation == 0 && (!isStolen || _rotations < MostRotationsOfAStolenOne))
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
        while (_isOver && !stop.IsCancellationRequested)
        {
            await ReadAsync(Frontend(), "ghost");
            await IdleAsync();
        }
    }

    public override Task FinishAsync() => _isLost ? Task.CompletedTask : base.FinishAsync();

    public override Verdict Check(Loss? loss)
    {
        IReadOnlyList<Operation> operations = History.Operations;
        IReadOnlyList<Operation> content = RotationChecker.Content(operations, WithinGrace, loss);
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
        if (answer is not { IsSuccess: true, Cookie: { } cookie } || cookie == before)
        {
            _isLost = true;
            return;
        }

        _rotations++;
        _old.Enqueue((before, Stopwatch.GetTimestamp()));
        Cookie = cookie;
        await ReadInGraceAsync(before, "late");
    }

    private async Task TryOldAsync()
    {
        if (isStolen && !IsReadOnly && _old.TryPeek(out (string Cookie, long Replaced) old) && Stopwatch.GetElapsedTime(old.Replaced) > Grace)
        {
            _old.Dequeue();
            await ReadWithOldCookieAsync(old.Cookie, "thief");
            _isOver = true;
        }
    }
}
