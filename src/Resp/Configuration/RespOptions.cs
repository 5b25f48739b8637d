using System.Net;
using OrleansSessions.Contracts;
using OrleansSessions.Php;

namespace OrleansSessions.Resp.Configuration;

/// <summary>The Redis-protocol endpoint of a silo. Bound from the section <c>Resp</c>.</summary>
public sealed class RespOptions
{
    /// <summary>The section of the configuration that these options are bound from.</summary>
    public const string SectionName = "Resp";

    /// <summary>The address that stands for every address of the machine.</summary>
    public const string AnyAddress = "*";

    internal const string Php = "php";
    internal const string PhpSerialize = "php_serialize";

    /// <summary>phpredis' own.</summary>
    internal const string DefaultPrefix = "PHPREDIS_SESSION:";

    /// <summary>The TCP port. Null, the default: there is no endpoint. 0: any free one. Redis' own is 6379.</summary>
    public int? Port { get; set; }

    /// <summary>
    /// The IP address to listen at, or <c>*</c> for all. Default: <c>127.0.0.1</c>. Beyond this machine, a password is required unless
    /// <see cref="AllowAnonymous"/> says otherwise.
    /// </summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The password of the user <c>default</c>, which <c>AUTH password</c> means. Null, the default: none.</summary>
    public string? Password { get; set; }

    /// <summary>Further users, and their passwords. Default: none.</summary>
    public IDictionary<string, string> Users { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether clients of other machines may do without a password. Default: no.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>
    /// The prefixes of keys that hold a session's token: what follows the prefix is the token, and the prefix the namespace. phpredis' own,
    /// <c>PHPREDIS_SESSION:</c>, is always among them, unless one that begins like it or that it begins with is configured. Keys under no prefix are sessions
    /// of their own, written as Redis writes them.
    /// </summary>
    public IList<RespPrefix> Prefixes { get; set; } = [];

    /// <summary>The number of databases that SELECT accepts. Default: 16, as in Redis; 1 to 1024.</summary>
    public int Databases { get; set; } = 16;

    /// <summary>How long a connection may be silent before it is closed. Default: 0, for ever, as in Redis.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// How long a client may take to finish a command that it has begun, to take in its replies, and to authenticate; then it is disconnected, within a second.
    /// Default: 30 s; at least 1 s.
    /// </summary>
    public TimeSpan SlowClientTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most connections at once. Default: 10,000, as in Redis.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>The most strings in one command, its name included. Default: 65,536; at least 16.</summary>
    public int MaxArguments { get; set; } = 65_536;

    /// <summary>The longest string of a command, in bytes; all of them together may be twice as long. Default: 8 MiB; 16 KiB to 512 MiB.</summary>
    public int MaxBulkBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// The most bytes that all connections together hold for their clients: commands that are being received, and replies that are not taken in. Over it, the
    /// connection that holds the most is closed, of equal ones the one that has waited longest. Default: 256 MiB; at least 64 MiB, the largest reply, and twice
    /// <see cref="MaxBulkBytes"/>, the largest command.
    /// </summary>
    public long MaxBufferedBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How long a command may take with all repetitions of its calls while silos die or leave; then its answer is an error. Default: 10 s.</summary>
    public TimeSpan IOTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request for a lock that is taken waits for its turn before the answer is nil. Default: 50 ms; 0 to 500 ms.</summary>
    public TimeSpan LockWait { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// PHP's <c>session.serialize_handler</c>, <c>php</c> or <c>php_serialize</c>: how a session that only .NET has written is shown to PHP. Default: <c>php</c>,
    /// as in PHP.
    /// </summary>
    public string DefaultHandler { get; set; } = Php;

    /// <summary>TLS. Without a certificate, the default, connections are not encrypted.</summary>
    public RespTlsOptions Tls { get; set; } = new();

    /// <summary>The Redis that sessions which are not in the cluster yet are imported from, as a connection string. Null, the default: none.</summary>
    public string? ImportFrom { get; set; }

    /// <summary>How large a session may become: what is sure to be refused is not split into entries first. Default: the cluster's own limits.</summary>
    public SessionLimits Limits { get; set; } = new();

    /// <summary>Afterwards, because configuration adds to a list: PHP's sessions must merge whatever other prefixes are configured.</summary>
    internal void AddDefaultPrefix()
    {
        if (!Prefixes.Any(static configured => configured.Prefix.Length > 0
            && (configured.Prefix.StartsWith(DefaultPrefix, StringComparison.Ordinal) || DefaultPrefix.StartsWith(configured.Prefix, StringComparison.Ordinal))))
        {
            Prefixes = [.. Prefixes, new RespPrefix { Prefix = DefaultPrefix }];
        }
    }

    /// <summary>Where the configuration has a text in place of a prefix' settings, which would be overlooked.</summary>
    internal List<string> BarePrefixes { get; } = [];

    internal PhpHandler Handler => DefaultHandler == PhpSerialize ? PhpHandler.PhpSerialize : PhpHandler.Php;

    internal bool HasCredentials => !string.IsNullOrEmpty(Password) || Users.Count > 0;

    /// <summary>The address to listen at; null: none that could be understood.</summary>
    internal IPAddress? ParsedAddress => Address == AnyAddress ? IPAddress.IPv6Any : IPAddress.TryParse(Address, out IPAddress? address) ? address : null;
}
