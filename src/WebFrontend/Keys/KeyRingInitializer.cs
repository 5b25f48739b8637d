using Microsoft.AspNetCore.DataProtection.KeyManagement;
using OrleansSessions.Redis;
using StackExchange.Redis;

namespace OrleansSessions.WebFrontend.Keys;

/// <summary>
/// Creates the first key, once for all frontends. Frontends that start together on an empty Redis would otherwise create a key each, and one
/// that read the ring before the others wrote theirs would refuse their forms until its next reading, up to a day later.
/// </summary>
internal sealed partial class KeyRingInitializer(RedisConnection redis, IServiceProvider services, TimeProvider time, ILogger<KeyRingInitializer> logger)
    : IHostedService
{
    private const string LockKey = "orleans-sessions:webfrontend:data-protection-lock";

    private static readonly TimeSpan LockTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(90);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        IDatabase database = (await redis.WaitUntilConnectedAsync(cancellationToken)).GetDatabase();

        // Resolved only now: the key manager reads the keys through the connection that has just been awaited.
        IKeyManager keys = services.GetRequiredService<IKeyManager>();
        if (keys.GetAllKeys().Count > 0)
        {
            return;
        }

        string owner = Guid.NewGuid().ToString("N");
        while (!await database.LockTakeAsync(LockKey, owner, LockTime))
        {
            await Task.Delay(RetryDelay, time, cancellationToken);
        }

        try
        {
            if (keys.GetAllKeys().Count == 0)
            {
                DateTimeOffset now = time.GetUtcNow();
                keys.CreateNewKey(now, now + KeyLifetime);
                LogCreated(logger);
            }
        }
        finally
        {
            await database.LockReleaseAsync(LockKey, owner);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(300, LogLevel.Information, "Created the first Data Protection key that the frontends share.")]
    private static partial void LogCreated(ILogger logger);
}
