namespace OrleansSessions.Client;

/// <summary>
/// Makes references to grains of one interface. Orleans works the grain's type out from the interface each time it is asked by key, which costs more than the
/// rest of a call's way out; the answer never changes, so it is asked once.
/// </summary>
internal sealed class GrainReferences<TGrain>(IGrainFactory grains)
    where TGrain : IGrainWithStringKey
{
    private Kind? _kind;

    /// <exception cref="OrleansException">The client has not connected yet: it learns from a silo which grains there are.</exception>
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
