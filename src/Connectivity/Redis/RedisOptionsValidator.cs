using Microsoft.Extensions.Options;
using OrleansSessions.Connectivity.Certificates;
using StackExchange.Redis;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>Validator of connection string, password file and certificates; reports all errors at once.</summary>
internal sealed class RedisOptionsValidator : IValidateOptions<RedisOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisOptions options)
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            errors.Add("No Redis is configured: set ConnectionStrings:Redis (environment: ConnectionStrings__Redis), for example to localhost:6379.");
        }
        else
        {
            CheckConnectionString(options, errors);
        }

        if (!string.IsNullOrEmpty(options.PasswordPath) && !PasswordFile.TryRead(options.PasswordPath, out _, out string? reason))
        {
            errors.Add($"Redis:PasswordPath is '{options.PasswordPath}'; {reason}");
        }

        if (string.IsNullOrEmpty(options.Tls.CertificatePath) != string.IsNullOrEmpty(options.Tls.KeyPath))
        {
            errors.Add($"Redis:Tls:CertificatePath is '{options.Tls.CertificatePath}' and Redis:Tls:KeyPath '{options.Tls.KeyPath}'; set both or none.");
        }

        CertificateReader.Read(options.Tls.Paths, errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckConnectionString(RedisOptions options, List<string> errors)
    {
        try
        {
            ConfigurationOptions parsed = RedisConnectionString.Parse(options.ConnectionString);
            if (!string.IsNullOrEmpty(options.PasswordPath) && !string.IsNullOrEmpty(parsed.Password))
            {
                errors.Add($"Redis:PasswordPath is '{options.PasswordPath}', and ConnectionStrings:Redis has a password too: set one of them.");
            }

            if (!string.IsNullOrEmpty(options.User) && !string.IsNullOrEmpty(parsed.User))
            {
                errors.Add($"Redis:User is '{options.User}', and ConnectionStrings:Redis has a user too: set one of them.");
            }

            if (options.Tls.IsSet && !parsed.Ssl)
            {
                errors.Add("Redis:Tls has certificates, but ConnectionStrings:Redis does not enable TLS: write ssl=true, or rediss:// instead of redis://.");
            }
        }
        catch (FormatException exception)
        {
            errors.Add($"ConnectionStrings:Redis: {exception.Message}");
        }
    }
}
