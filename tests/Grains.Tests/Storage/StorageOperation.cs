namespace OrleansSessions.Grains.Tests.Storage;

/// <summary>Operation of a grain on its storage.</summary>
internal enum StorageOperation
{
    Read,
    Write,
    Clear,
}
