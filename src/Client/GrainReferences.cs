namespace OrleansSessions.Client;

/// <summary>
/// Factory of references to grains of one interface. Orleans resolves the interface's grain type on each lookup, which costs more than the rest of sending a call;
/// the type never changes, so it is resolved once.
/// </summary>
internal sealed class GrainReferences<TGrain>(IGrainFactory grains)
    where TGrain : IGrainWithStringKey
{
    private Kind? _kind;

    /// <exception cref="OrleansException">The client has not connected yet, so it does not know the cluster's grain types.</exception>
    public TGrain Get(string key)
    {
        if (_kind is { } known)
        {
            return (TGrain)grains.GetGrain(GrainId.Create(known.Grain, key), known.Interface);
        }

        TGrain first;
        try
        {
            first = grains.GetGrain<TGrain>(key);
        }
        catch (ArgumentException exception)
        {
            throw new OrleansException("The client of the session cluster has not connected yet.", exception);
        }

        if (first is GrainReference reference)
        {
            _kind = new Kind(reference.GrainId.Type, reference.InterfaceType);
        }

        return first;
    }

    private sealed record Kind(GrainType Grain, GrainInterfaceType Interface);
}
