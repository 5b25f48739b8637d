namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>What a grain asks of its storage.</summary>
internal enum StorageOperation
{
    Read,
    Write,
    Clear,
}
