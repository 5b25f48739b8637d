namespace OrleansSessions.AspNetCore.ServiceTokens;

/// <summary>Options of tokens for services. Bound from the section <c>Sessions:ServiceTokens</c>. The same on all frontends.</summary>
public sealed class ServiceTokenOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = OrleansSessionOptions.SectionName + ":ServiceTokens";

    /// <summary>Minimum of <see cref="Lifetime"/>.</summary>
    internal static readonly TimeSpan MinLifetime = TimeSpan.FromSeconds(1);

    /// <summary>Maximum of <see cref="Lifetime"/>.</summary>
    internal static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(1);

    /// <summary>The name of <see cref="KeyDirectory"/>, for errors.</summary>
    internal const string KeyDirectoryName = $"{SectionName}:{nameof(KeyDirectory)}";

    /// <summary>
    /// The claim <c>iss</c>: the absolute http or https URL, without query, at which services reach the frontends' <c>.well-known</c> endpoints. It is what services call the
    /// authority. Required.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>The names of the services that tokens may be made for, each the claim <c>aud</c> of its tokens. At least one.</summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>A token expires after this time, and with its session at the latest. Default: 5 minutes; 1 second to 1 hour.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The directory of the signing keys, the same on all frontends. Each file holds a private key of the curve P-256 in PEM and is named by the key's id, the <c>kid</c>: 1 to
    /// 64 characters of <c>[A-Za-z0-9._-]</c>. The file <c>active</c> holds the id of the key that signs. The public halves of all are published. Names that begin with a dot
    /// are ignored. Changes take effect within seconds, without a restart. Required.
    /// </summary>
    public string? KeyDirectory { get; set; }
}
