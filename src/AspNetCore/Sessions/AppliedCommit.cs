using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Exceptions for commits that were not applied.</summary>
internal static class AppliedCommit
{
    public static void ThrowUnlessApplied(CommitResult result)
    {
        switch (result.Outcome)
        {
            case CommitOutcome.Applied:
                return;
            case CommitOutcome.Gone:
                throw new SessionGoneException();
            case CommitOutcome.SecretReplaced:
                throw new SessionRotatedException();
            case CommitOutcome.TooManySessions:
                throw new TooManySessionsException();
            case CommitOutcome.LimitExceeded:
                throw new SessionLimitException(result.Violation!);
            case CommitOutcome.InvalidName:
                throw SessionEntryException.InvalidName();
            case CommitOutcome.NotANumber:
                throw SessionEntryException.NotANumber(result.EntryName);
            case CommitOutcome.Unknown:
                throw new SessionUnavailableException(
                    "The session changes so often that a retried commit could not be recognised. The commit may or may not have been stored; load the session to find out.");
            default:
                throw new InvalidOperationException($"The session's silo answered {result.Outcome}. It may run an older version: finish upgrading all silos.");
        }
    }
}
