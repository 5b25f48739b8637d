using System.Collections.Immutable;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>What a request sees after its own commit: what it loaded, with its changes. Other requests' changes show with the next load.</summary>
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
