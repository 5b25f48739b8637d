using StackExchange.Redis;

namespace OrleansSessions.Tests.Shared;

/// <summary>Connections of tests to Redis and to our Redis-protocol endpoint, with time limits that a stalled test machine does not reach.</summary>
internal static class PatientRedis
{
    public static Task<ConnectionMultiplexer> ConnectAsync(string address) => ConnectAsync(ConfigurationOptions.Parse(address));

    public static async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions options)
    {
        options.ConnectTimeout = options.SyncTimeout = options.AsyncTimeout = 30_000;
        return await ConnectionMultiplexer.ConnectAsync(options);
    }
}
