using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Checking;

/// <summary>
/// General linearizability search: an order of a session's operations that explains every answer, by Wing and Gong with Lowe's cache ("Testing for
/// linearizability", 2017). Unlike <see cref="SessionChecker"/> it checks an answer's parts together, but takes exponential time if many outcomes are unknown.
/// </summary>
internal sealed class LinearizabilitySearch
{
    // How far apart two operations may be invoked if the later one is ordered first; and how many outcomes may be unknown.
    private const int Window = 64;

    private readonly Operation[] _known;
    private readonly Operation[] _unknown;
    private readonly HashSet<(int First, ulong Done, ulong Used, SessionModel Session)> _seen = [];
    private readonly int _maxSteps;
    private bool _isUndecided;

    private LinearizabilitySearch(IReadOnlyCollection<Operation> history, int maxSteps)
    {
        _known = [.. history.Where(operation => operation.Seen is not null).OrderBy(operation => operation.Invoked)];
        _unknown = [.. history.Where(operation => operation is { Seen: null, Action: not Action.Read }).OrderBy(operation => operation.Invoked)];
        _maxSteps = maxSteps;
    }

    /// <summary>Whether such an order exists; null: the search was given up.</summary>
    public static bool? IsLinearizable(IReadOnlyCollection<Operation> history, int maxSteps = 50_000)
    {
        var search = new LinearizabilitySearch(history, maxSteps);
        return search._unknown.Length <= Window && search.Run() ? true : search._unknown.Length > Window || search._isUndecided ? null : false;
    }

    private bool Run()
    {
        Stack<(int First, ulong Done, ulong Used, SessionModel Session)> open = new([(0, 0UL, 0UL, new SessionModel())]);
        while (open.TryPop(out (int First, ulong Done, ulong Used, SessionModel Session) place))
        {
            if (place.First == _known.Length)
            {
                return true;
            }

            if (!_seen.Add(place))
            {
                continue;
            }

            if (_seen.Count > _maxSteps)
            {
                _isUndecided = true;
                return false;
            }

            foreach ((int First, ulong Done, ulong Used, SessionModel Session) next in Next(place))
            {
                open.Push(next);
            }
        }

        return false;
    }

    // Any operation may come next that was invoked before each of the others was answered.
    private IEnumerable<(int First, ulong Done, ulong Used, SessionModel Session)> Next((int First, ulong Done, ulong Used, SessionModel Session) place)
    {
        long limit = Operation.Never;
        int end = place.First;
        for (; end < _known.Length && _known[end].Invoked <= limit; end++)
        {
            if (end - place.First == Window)
            {
                _isUndecided = true;
                break;
            }

            if (!Has(place.Done, end - place.First))
            {
                limit = Math.Min(limit, _known[end].Completed);
            }
        }

        for (int i = 0; i < _unknown.Length && _unknown[i].Invoked <= limit; i++)
        {
            if (!Has(place.Used, i) && place.Session.Apply(_unknown[i]) is { } session)
            {
                yield return place with { Used = place.Used | (1UL << i), Session = session };
            }
        }

        for (int i = end - 1; i >= place.First; i--)
        {
            if (!Has(place.Done, i - place.First) && _known[i].Invoked <= limit && place.Session.Apply(_known[i]) is { } session)
            {
                yield return Advance(place.First, place.Done | (1UL << (i - place.First)), place.Used, session);
            }
        }
    }

    private static bool Has(ulong bits, int index) => (bits & (1UL << index)) != 0;

    private static (int First, ulong Done, ulong Used, SessionModel Session) Advance(int first, ulong done, ulong used, SessionModel session)
    {
        while ((done & 1) != 0)
        {
            first++;
            done >>= 1;
        }

        return (first, done, used, session);
    }
}
