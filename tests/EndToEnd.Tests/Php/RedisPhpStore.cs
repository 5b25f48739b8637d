using OrleansSessions.EndToEnd.Tests.Processes;

namespace OrleansSessions.EndToEnd.Tests.Php;

/// <summary>Debian's redis-server, for comparison.</summary>
public sealed class RedisPhpStore : PhpStore
{
    private RedisProcess? _redis;

    public override string Server => _redis!.Address;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    private protected override async Task StartAsync() => _redis = await RedisProcess.StartAsync();
}
