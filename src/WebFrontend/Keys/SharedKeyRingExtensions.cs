using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using OrleansSessions.Connectivity.Redis;

namespace OrleansSessions.WebFrontend.Keys;

/// <summary>Registration of one Data Protection key ring for all frontends.</summary>
internal static class SharedKeyRingExtensions
{
    private const string ApplicationName = "OrleansSessions.WebFrontend";

    /// <summary>
    /// Keeps the keys in Redis, so that a form from one frontend can be posted to another. Antiforgery needs them; the session cookie does not. The keys are stored
    /// unencrypted, because anyone who can read this Redis can read the sessions too. If that is not so, add <c>ProtectKeysWithCertificate</c>.
    /// </summary>
    public static void AddSharedKeyRing(this IServiceCollection services)
    {
        services.AddRedisConnection();
        services.AddDataProtection().SetApplicationName(ApplicationName);
        services.AddOptions<KeyManagementOptions>().Configure<RedisConnection>((options, redis) => options.XmlRepository = new SharedKeyRepository(redis));
    }
}
