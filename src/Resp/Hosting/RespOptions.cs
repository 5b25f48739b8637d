using OrleansSessions.Contracts;
using OrleansSessions.Php;
namespace OrleansSessions.Resp.Hosting;
/// <summary>How a silo speaks the Redis protocol. Bound from the section <c>Resp</c>.</summary>
internal sealed class RespOptions
{
    public List<string> Prefixes { get; set; } = [];
    public PhpHandler DefaultHandler { get; set; }
    public SessionLimits Limits { get; set; } = new();
    public TimeSpan LockWait { get; set; }
}
