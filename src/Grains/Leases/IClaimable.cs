namespace OrleansSessions.Grains.Leases;

/// <summary>Stored state of one activation, which activations on other silos may have had before.</summary>
internal interface IClaimable<TState> : IGrainState<TState>
{
    /// <summary>Whether a write of this activation may still be in flight.</summary>
    bool IsInDoubt { get; }

    /// <summary>Prepares the state that was read for being stored again, unchanged.</summary>
    void PrepareClaim()
    {
    }
}
