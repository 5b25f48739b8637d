namespace OrleansSessions.Grains.Telemetry;

/// <summary>Operation on Redis.</summary>
internal sealed class StorageOperation
{
    public static readonly StorageOperation Read = new("read");
    public static readonly StorageOperation Write = new("write");
    public static readonly StorageOperation Delete = new("delete");
    public static readonly StorageOperation Schedule = new("schedule");
    public static readonly StorageOperation Unschedule = new("unschedule");
    public static readonly StorageOperation FindDue = new("find_due");
    public static readonly StorageOperation List = new("list");
    public static readonly StorageOperation Audit = new("audit");

    private StorageOperation(string name)
    {
        Name = name;
        SpanName = $"storage.{name}";
    }

    public string Name { get; }

    public string SpanName { get; }
}
