using System.Collections.Immutable;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>View of a session after the request's own commit: the loaded entries with its changes. Other requests' changes appear with the next load.</summary>
internal static class SessionView
{
    public static ImmutableArray<SessionEntry> After(ImmutableArray<SessionEntry> loaded, ImmutableArray<SessionChange> changes, CommitResult result)
    {
        var view = new SessionContent<SessionEntry>(loaded);
        ReadOnlySpan<long> sums = result.Numbers.AsSpan();
        foreach (SessionChange change in changes)
        {
            view.Replay(change, result.Version, ref sums);
        }

        return view.ToImmutable();
    }
}
