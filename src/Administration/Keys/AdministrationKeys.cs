using System.Security.Claims;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansSessions.Administration;

/// <summary>Administrators of the configured key file.</summary>
internal sealed partial class AdministrationKeys(IOptions<SessionAdministrationOptions> options, ILogger<AdministrationKeys> logger) : ISessionAdministrators
{
    public bool AreConfigured => !string.IsNullOrEmpty(options.Value.KeysFile);

    public ClaimsIdentity? Find(string key, string authenticationType)
    {
        ArgumentNullException.ThrowIfNull(key);
        return KeyFile.Find(Read(), key) is { } found ? ToIdentity(found, authenticationType) : null;
    }

    public ClaimsIdentity? FindByFingerprint(string fingerprint, string authenticationType) =>
        Read().FirstOrDefault(key => FingerprintOf(key) == fingerprint) is { } found ? ToIdentity(found, authenticationType) : null;

    private IReadOnlyList<AdministrationKey> Read()
    {
        if (!AreConfigured)
        {
            return [];
        }

        if (KeyFile.TryRead(options.Value.KeysFile!, out IReadOnlyList<AdministrationKey>? keys, out string? reason))
        {
            return keys;
        }

        LogUnreadable(logger, options.Value.KeysFile!, reason);
        return [];
    }

    private static ClaimsIdentity ToIdentity(AdministrationKey key, string authenticationType) => new(
        [
            new Claim(ClaimTypes.Name, key.Name),
            new Claim(ISessionAdministrators.FingerprintClaim, FingerprintOf(key)),
            .. key.Permissions.Select(static permission => new Claim(SessionPermissions.ClaimType, permission)),
        ],
        authenticationType);

    /// <summary>Half of the hash: enough to recognise the key, of no use for anything else.</summary>
    private static string FingerprintOf(AdministrationKey key) => Convert.ToHexStringLower(key.Hash.AsSpan(0, key.Hash.Length / 2));

    [LoggerMessage(1, LogLevel.Error, "All administrators are refused: the file of their keys is '{File}'; {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string file, string reason);
}
