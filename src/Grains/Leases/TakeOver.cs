using Orleans.Storage;

namespace OrleansSessions.Grains.Leases;

/// <summary>Reading of stored states so that no earlier activation on another silo can still answer for them or overwrite them.</summary>
internal sealed class TakeOver(FollowedView view, Predecessors predecessors)
{
    private static readonly TimeSpan HoldStep = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Reads the state once no earlier activation can answer for it. If a write of an earlier activation may still be in flight, the state is stored again under a new
    /// ETag: Redis then refuses that write, or has executed it before.
    /// </summary>
    public async Task ReadAsync<TState>(IGrainStorage storage, string stateName, GrainId id, IClaimable<TState> state)
    {
        bool wasInDoubt = state.IsInDoubt;
        Task read = storage.ReadStateAsync(stateName, id, state);
        await view.ConfirmAsync();
        await read;
        if (await WaitForPredecessorsAsync() || (!state.RecordExists && predecessors.MustClaim))
        {
            // A missing state can't be claimed, so read again after the predecessor's lease has run out.
            await storage.ReadStateAsync(stateName, id, state);
        }

        if (state.RecordExists && (wasInDoubt || state.IsInDoubt || predecessors.MustClaim))
        {
            await ClaimAsync(storage, stateName, id, state);
        }
    }

    /// <summary>Waits until no silo that was declared dead can hold a lease.</summary>
    /// <returns>Whether there was anything to wait for.</returns>
    public async ValueTask<bool> WaitForPredecessorsAsync()
    {
        bool waited = false;
        while (predecessors.Hold is var hold && hold > TimeSpan.Zero)
        {
            // In steps: a silo that finds itself dead replaces its stamp, which ends the wait.
            waited = true;
            await Task.Delay(hold < HoldStep ? hold : HoldStep);
        }

        return waited;
    }

    private static async Task ClaimAsync<TState>(IGrainStorage storage, string stateName, GrainId id, IClaimable<TState> state)
    {
        state.PrepareClaim();
        try
        {
            await storage.WriteStateAsync(stateName, id, state);
        }
        catch (InconsistentStateException)
        {
            // A late write came first: read its result.
            await storage.ReadStateAsync(stateName, id, state);
            state.PrepareClaim();
            if (state.RecordExists)
            {
                await storage.WriteStateAsync(stateName, id, state);
            }
        }
    }
}
