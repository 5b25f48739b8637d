using System.Net;
using OrleansSessions.Client;
using OrleansSessions.Contracts;
using OrleansSessions.Php;

namespace OrleansSessions.Resp.Configuration;

/// <summary>Options of a silo's Redis-protocol endpoint. Bound from the section <c>Resp</c>.</summary>
public sealed class RespOptions
{
    /// <summary>The configuration section of these options.</summary>
    public const string SectionName = "Resp";

    /// <summary>Stands for all addresses of the machine.</summary>
    public const string AnyAddress = "*";

    internal const string Php = "php";
    internal const string PhpSerialize = "php_serialize";

    /// <summary>phpredis' default prefix.</summary>
    internal const string DefaultPrefix = "PHPREDIS_SESSION:";

    /// <summary>The TCP port. Default: null, none. 0: any free port. Redis' own is 6379. Without a port and a Unix socket there is no endpoint.</summary>
    public int? Port { get; set; }

    /// <summary>
    /// The absolute path of a Unix socket, for clients on the same machine. Default: null, none. A socket that a killed process has left there is replaced; any other
    /// file stops the start.
    /// </summary>
    public string? UnixSocket { get; set; }

    /// <summary>
    /// Permissions of the Unix socket, in octal, as Redis' <c>unixsocketperm</c>. A client needs read and write. Default: 660, the silo's user and group.
    /// </summary>
    public string UnixSocketMode { get; set; } = "660";

    /// <summary>
    /// The IP address to listen on, or <c>*</c> for all. Default: <c>127.0.0.1</c>. Beyond this machine, a password is required unless
    /// <see cref="AllowAnonymous"/> is true.
    /// </summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The password of the user <c>default</c>, for <c>AUTH password</c>. Default: null, none.</summary>
    public string? Password { get; set; }

    /// <summary>Further users with their passwords. Default: none.</summary>
    public IDictionary<string, string> Users { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether clients on other machines may connect without a password. Default: false.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>
    /// Prefixes of keys that contain a session's token: the rest of the key is the token, and the prefix is the namespace. phpredis' own, <c>PHPREDIS_SESSION:</c>, is
    /// always included, unless an overlapping one is configured. A key without a prefix is a session of its own and behaves as in Redis.
    /// </summary>
    public IList<RespPrefix> Prefixes { get; set; } = [];

    /// <summary>The number of databases for SELECT. Default: 16, as in Redis; 1 to 1024.</summary>
    public int Databases { get; set; } = 16;

    /// <summary>How long a connection may be idle before it is closed. Default: 0, forever, as in Redis.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// How long a client may take to complete a command, to read its replies, and to authenticate; then it is disconnected, within a second. Default: 30 s; at least
    /// 1 s.
    /// </summary>
    public TimeSpan SlowClientTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Maximum number of concurrent connections. Default: 10,000, as in Redis.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>Maximum number of strings in one command, including its name. Default: 65,536; at least 16.</summary>
    public int MaxArguments { get; set; } = 65_536;

    /// <summary>Maximum length of a command's string, in bytes; all of them together may have twice as many. Default: 8 MiB; 16 KiB to 512 MiB.</summary>
    public int MaxBulkBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// Maximum bytes that all connections together buffer: commands being received, and replies not yet read by clients. Above it, the connection that holds the most
    /// is closed; of equal ones, the one that has waited longest. Default: 256 MiB; at least 64 MiB, the largest reply, and twice <see cref="MaxBulkBytes"/>, the
    /// largest command.
    /// </summary>
    public long MaxBufferedBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Time limit of a command, including retries while silos die or leave; then it fails. Default: 10 s.</summary>
    public TimeSpan IOTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request for a taken lock waits for its turn before it gets nil. Default: 50 ms; 0 to 500 ms.</summary>
    public TimeSpan LockWait { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// PHP's <c>session.serialize_handler</c>, <c>php</c> or <c>php_serialize</c>: the format in which PHP sees a session that only .NET has written. Default:
    /// <c>php</c>, as in PHP.
    /// </summary>
    public string DefaultHandler { get; set; } = Php;

    /// <summary>
    /// The frontends' <c>Sessions:UserKeySecret</c>. With it, a session under a merging prefix that sets <see cref="UserEntry"/> is signed in as that user, and is in the
    /// user's list. Default: null, none is.
    /// </summary>
    public string? UserKeySecret { get; set; }

    /// <summary>A file whose first line is that secret, instead. Default: null.</summary>
    public string? UserKeySecretFile { get; set; }

    /// <summary>The frontends' <c>Sessions:Namespace</c>, which is part of the users' keys. Default: <c>default</c>, theirs.</summary>
    public string UserNamespace { get; set; } = "default";

    /// <summary>The session variable that names the user, a string or an integer. Default: <c>_user</c>, which is PHP's <c>$_SESSION['_user']</c>.</summary>
    public string UserEntry { get; set; } = "_user";

    /// <summary>TLS. Default: no certificate, connections are not encrypted.</summary>
    public RespTlsOptions Tls { get; set; } = new();

    /// <summary>Connection string of the Redis to import sessions from. Default: null, none.</summary>
    public string? ImportFrom { get; set; }

    /// <summary>Size limits of a session: a value that is certain to be refused is not split into entries first. Default: the cluster's limits.</summary>
    public SessionLimits Limits { get; set; } = new();

    /// <summary>Called after binding, because configuration adds to a list: PHP's sessions must merge whatever other prefixes are configured.</summary>
    internal void AddDefaultPrefix()
    {
        if (!Prefixes.Any(static configured => configured.Prefix.Length > 0
            && (configured.Prefix.StartsWith(DefaultPrefix, StringComparison.Ordinal) || DefaultPrefix.StartsWith(configured.Prefix, StringComparison.Ordinal))))
        {
            Prefixes = [.. Prefixes, new RespPrefix { Prefix = DefaultPrefix }];
        }
    }

    /// <summary>Configuration paths with a text instead of a prefix' settings; binding would ignore it.</summary>
    internal List<string> BarePrefixes { get; } = [];

    internal PhpHandler Handler => DefaultHandler == PhpSerialize ? PhpHandler.PhpSerialize : PhpHandler.Php;

    /// <inheritdoc cref="UserSecret.Read"/>
    internal byte[]? ReadUserKeySecret(out string? error) => UserSecret.Read(SectionName, UserKeySecret, UserKeySecretFile, "use the frontends'.", out error);

    internal bool HasCredentials => !string.IsNullOrEmpty(Password) || Users.Count > 0;

    /// <summary>Whether there is an endpoint.</summary>
    internal bool IsEnabled => Port is not null || UnixSocket is not null;

    /// <summary>The permissions of the Unix socket; null: invalid.</summary>
    internal UnixFileMode? ParsedUnixSocketMode =>
        UnixSocketMode.Length is 3 or 4 && UnixSocketMode.TrimStart('0').Length <= 3 && UnixSocketMode.All(static digit => digit is >= '0' and <= '7')
            ? (UnixFileMode)Convert.ToInt32(UnixSocketMode, fromBase: 8)
            : null;

    /// <summary>The address to listen on; null: invalid.</summary>
    internal IPAddress? ParsedAddress => Address == AnyAddress ? IPAddress.IPv6Any : IPAddress.TryParse(Address, out IPAddress? address) ? address : null;
}
