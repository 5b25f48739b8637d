using Microsoft.Extensions.Options;

namespace OrleansSessions.Redis;

/// <summary>Rejects a missing or malformed connection string at start-up.</summary>
internal sealed class RedisOptionsValidator : IValidateOptions<RedisOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            return ValidateOptionsResult.Fail(
                "No Redis is configured: set ConnectionStrings:Redis (environment: ConnectionStrings__Redis), for example to localhost:6379.");
        }

        try
        {
            RedisConnectionString.Parse(options.ConnectionString);
            return ValidateOptionsResult.Success;
        }
        catch (FormatException exception)
        {
            return ValidateOptionsResult.Fail($"ConnectionStrings:Redis: {exception.Message}");
        }
    }
}
