using System.Net;
using OrleansSessions.Client;

namespace OrleansSessions.Administration;

/// <summary>Options of the administration of sessions. Bound from the section <c>Administration</c>.</summary>
public sealed class SessionAdministrationOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Administration";

    /// <summary>
    /// The URL to serve the administration at, and nothing else, such as <c>http://127.0.0.1:8082</c>. Beyond this machine it must be <c>https</c>, with the certificate of
    /// <c>Kestrel:Certificates:Default</c>. Default: null, it is not served.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>
    /// The file of the administrators' keys: a line <c>name permissions key</c> for each, where permissions are <c>read</c>, <c>end</c>, <c>values</c> and <c>act</c>, separated by
    /// commas. It is read for each request, so a removed key is refused at once. Default: null, none.
    /// </summary>
    public string? KeysFile { get; set; }

    /// <summary>The frontends' <c>Sessions:UserKeySecret</c>, to find sessions by user id. Default: null, sessions are found by the user's key only.</summary>
    public string? UserKeySecret { get; set; }

    /// <summary>A file whose first line is that secret, instead. Default: null.</summary>
    public string? UserKeySecretFile { get; set; }

    /// <summary>The frontends' <c>Sessions:Namespace</c>, which is part of the users' keys. Default: <c>default</c>, theirs.</summary>
    public string UserNamespace { get; set; } = "default";

    /// <summary>Time limit of a call, including retries while silos die or leave. Default: 10 s.</summary>
    public TimeSpan IOTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many clients may follow the audit trail (<c>GET /audit/events</c>) in this process at a time, 1 to 1,000. Others are answered 503. Default: 16.</summary>
    public int MaxAuditFeeds { get; set; } = 16;

    /// <inheritdoc cref="UserSecret.Read"/>
    internal byte[]? ReadUserKeySecret(out string? error) => UserSecret.Read(SectionName, UserKeySecret, UserKeySecretFile, "use the frontends'.", out error);

    internal bool IsServed => !string.IsNullOrEmpty(Url);

    /// <summary>The URL's parts; null: it is not a URL of a scheme, a host and a port.</summary>
    internal Uri? ParsedUrl =>
        Uri.TryCreate(Url, UriKind.Absolute, out Uri? url) && url is { Scheme: "http" or "https", PathAndQuery: "/", UserInfo: "", Fragment: "" } ? url : null;

    internal static bool IsOnThisMachine(Uri url) => url.Host == "localhost" || (IPAddress.TryParse(url.Host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
