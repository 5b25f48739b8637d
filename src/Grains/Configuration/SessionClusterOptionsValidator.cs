using System.Net;
using Microsoft.Extensions.Options;

namespace OrleansSessions.Grains.Configuration;

/// <summary>Validator of a silo's options; reports all errors at once.</summary>
internal sealed class SessionClusterOptionsValidator : IValidateOptions<SessionClusterOptions>
{
    private static readonly TimeSpan MinSweep = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxSweep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MinGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxGrace = TimeSpan.FromHours(1);
    private static readonly TimeSpan MinActivationIdle = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, SessionClusterOptions options)
    {
        List<string> errors = [];
        void Check(bool valid, string option, object? value, string rule)
        {
            if (!valid)
            {
                errors.Add($"{SessionClusterOptions.SectionName}:{option} is '{value}'; it must be {rule}.");
            }
        }

        Check(!string.IsNullOrWhiteSpace(options.ClusterId), nameof(options.ClusterId), options.ClusterId, "a name");
        Check(!string.IsNullOrWhiteSpace(options.ServiceId), nameof(options.ServiceId), options.ServiceId, "a name");
        Check(IsPort(options.SiloPort), nameof(options.SiloPort), options.SiloPort, "a port, 1 to 65535");
        Check(IsPort(options.GatewayPort), nameof(options.GatewayPort), options.GatewayPort, "a port, 1 to 65535");
        Check(options.SiloPort != options.GatewayPort, nameof(options.GatewayPort), options.GatewayPort, "a port other than SiloPort");
        Check(
            options.AdvertisedAddress is null || IPAddress.TryParse(options.AdvertisedAddress, out _),
            nameof(options.AdvertisedAddress),
            options.AdvertisedAddress,
            "an IP address, or not set");
        Check(
            options.SweepInterval >= MinSweep && options.SweepInterval <= MaxSweep,
            nameof(options.SweepInterval),
            options.SweepInterval,
            $"{MinSweep} to {MaxSweep}");
        Check(
            options.TombstoneGrace >= MinGrace && options.TombstoneGrace <= MaxGrace,
            nameof(options.TombstoneGrace),
            options.TombstoneGrace,
            $"{MinGrace} to {MaxGrace}");
        Check(
            options.ActivationIdleTime >= MinActivationIdle,
            nameof(options.ActivationIdleTime),
            options.ActivationIdleTime,
            $"at least {MinActivationIdle}");
        Check(
            options.ReadsWithoutRedis is null || options.ReadsWithoutRedis >= TimeSpan.Zero,
            nameof(options.ReadsWithoutRedis),
            options.ReadsWithoutRedis,
            "zero or more, or not set");
        Check(options.MaxSessionsPerUser is null or > 0, nameof(options.MaxSessionsPerUser), options.MaxSessionsPerUser, "positive, or not set");
        Check(
            Enum.IsDefined(options.WhenTooManySessions),
            nameof(options.WhenTooManySessions),
            options.WhenTooManySessions,
            string.Join(" or ", Enum.GetNames<TooManySessions>()));
        Check(
            options.Audit.MaxLength is >= 1_000 and <= 100_000_000,
            "Audit:MaxLength",
            options.Audit.MaxLength,
            "1,000 to 100,000,000");
        Check(options.Limits.MaxBytes > 0, "Limits:MaxBytes", options.Limits.MaxBytes, "positive");
        Check(options.Limits.MaxEntries > 0, "Limits:MaxEntries", options.Limits.MaxEntries, "positive");
        Check(options.Limits.MaxNameBytes > 0, "Limits:MaxNameBytes", options.Limits.MaxNameBytes, "positive");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static bool IsPort(int port) => port is > IPEndPoint.MinPort and <= IPEndPoint.MaxPort;
}
