using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.Sessions;

/// <summary>Validation of commits received over the network.</summary>
internal static class CommitValidation
{
    /// <exception cref="ArgumentException">A list, a change or a name is missing.</exception>
    public static void Validate(SessionCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        bool isWhole = !commit.Changes.IsDefault && !commit.Settled.IsDefault;
        for (int i = 0; isWhole && i < commit.Changes.Length; i++)
        {
            isWhole = commit.Changes[i]?.Name is not null;
        }

        if (!isWhole)
        {
            throw new ArgumentException("A commit must have a list of changes, each with a name, which may be empty.", nameof(commit));
        }
    }
}
