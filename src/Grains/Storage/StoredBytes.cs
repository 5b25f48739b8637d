namespace OrleansSessions.Grains.Storage;

/// <summary>A record as Orleans' Redis storage sees it during one call: the stored bytes in place of the state.</summary>
internal sealed class StoredBytes<TState>(IGrainState<TState> record) : IGrainState<ReadOnlyMemory<byte>>
{
    public ReadOnlyMemory<byte> State { get; set; }

    public string? ETag
    {
        get => record.ETag;
        set => record.ETag = value;
    }

    public bool RecordExists
    {
        get => record.RecordExists;
        set => record.RecordExists = value;
    }
}
