using OrleansSessions.Grains.State;

namespace OrleansSessions.Grains.Users;

/// <summary>Change of a user's list that waits to be stored. Its result is the list after it and those stored with it.</summary>
internal sealed class WaitingChange(Func<UserSessionsState, UserSessionsState> change)
    : TaskCompletionSource<UserSessionsState>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public bool IsDecided => Task.IsCompleted;

    /// <summary>Returns the list with this change. A change that throws fails alone.</summary>
    public UserSessionsState ApplyTo(UserSessionsState list)
    {
        try
        {
            return change(list);
        }
        catch (Exception exception)
        {
            SetException(exception);
            return list;
        }
    }
}
