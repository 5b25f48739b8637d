using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using OrleansSessions.Connectivity.Redis;

namespace OrleansSessions.WebFrontend.Keys;

/// <summary>Shares one Data Protection key ring among all frontends.</summary>
internal static class SharedKeyRingExtensions
{
    private const string ApplicationName = "OrleansSessions.WebFrontend";

    /// <summary>
    /// Keeps the keys in Redis, so that a form from one frontend may be posted to another. The session cookie needs no such keys; antiforgery
    /// does. The keys lie in Redis as they are: who can read it can also read the sessions. Where that differs, add
    /// <c>ProtectKeysWithCertificate</c>.
    /// </summary>
    public static void AddSharedKeyRing(this IServiceCollection services)
    {
        services.AddRedisConnection();
        services.AddDataProtection().SetApplicationName(ApplicationName);
        services.AddOptions<KeyManagementOptions>().Configure<RedisConnection>((options, redis) => options.XmlRepository = new SharedKeyRepository(redis));
    }
}
