using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>
/// Parser of Redis connection strings, in StackExchange.Redis' form (<c>host:6379,password=...,ssl=true,defaultDatabase=2</c>) or as a URI
/// (<c>redis://</c>, or <c>rediss://</c> for TLS: <c>rediss://user:password@host:6380/2?connectTimeout=500</c>).
/// </summary>
/// <remarks>
/// Defaults: a command times out after 2 s, commands fail at once while disconnected instead of queueing, and reconnecting is tried forever.
/// </remarks>
public static class RedisConnectionString
{
    private const int DefaultPort = 6379;
    private const int TimeoutMilliseconds = 2_000;
    private const int FirstReconnectMilliseconds = 100;
    private const int SlowestReconnectMilliseconds = 1_000;

    /// <summary>Parses a connection string.</summary>
    /// <exception cref="FormatException">The text has neither form. The message does not repeat it, because it may contain a password.</exception>
    public static ConfigurationOptions Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        ConfigurationOptions options = IsUri(text) ? ParseUri(text) : ParseOptions(text);
        if (options.EndPoints.Count == 0)
        {
            throw new FormatException("The Redis connection string names no server: write host:port, or redis://host:port.");
        }

        options.SetDefaultPorts();
        ApplyDefaults(options, text);
        return options;
    }

    /// <summary>Returns why a text is not a valid connection string; null: it is valid.</summary>
    public static string? Validate(string text)
    {
        try
        {
            _ = Parse(text);
            return null;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return exception.Message;
        }
    }

    /// <summary>Returns the servers' addresses and the database, without user and password, for display and logs.</summary>
    public static string Describe(ConfigurationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string addresses = string.Join(',', options.EndPoints.Select(Format));
        return options.DefaultDatabase is int database and not 0 ? string.Create(CultureInfo.InvariantCulture, $"{addresses}/{database}") : addresses;
    }

    /// <summary>Looks for a scheme before the first comma only, because passwords may contain anything.</summary>
    private static bool IsUri(string text) => text.Split(',', 2)[0].Contains("://", StringComparison.Ordinal);

    private static string Format(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint dns => string.Create(CultureInfo.InvariantCulture, $"{dns.Host}:{dns.Port}"),
        _ => endPoint.ToString() ?? "",
    };

    private static ConfigurationOptions ParseOptions(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text, ignoreUnknown: false);
        }
        catch (ArgumentException)
        {
            // The parser's message quotes the string, including the password.
            throw new FormatException("The Redis connection string has an unknown or malformed option: write host:port,option=value,...");
        }
    }

    private static ConfigurationOptions ParseUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0)
        {
            throw new FormatException("The Redis connection string is not a URI of the form redis://[user:password@]host[:port][/database] (rediss:// for TLS).");
        }

        string query = uri.Query.TrimStart('?');
        string extra = query.Length == 0 ? "" : "," + string.Join(',', query.Split('&').Select(Uri.UnescapeDataString));
        string host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost.Trim('[', ']')}]" : uri.IdnHost;
        int port = uri.Port > 0 ? uri.Port : DefaultPort;
        ConfigurationOptions options = ParseOptions(string.Create(CultureInfo.InvariantCulture, $"{host}:{port}{extra}"));
        options.Ssl |= uri.Scheme == "rediss";
        if (uri.UserInfo.Length > 0)
        {
            string[] parts = uri.UserInfo.Split(':', 2);
            string? user = parts[0].Length == 0 ? null : Uri.UnescapeDataString(parts[0]);
            options.User = parts.Length == 2 ? user : null;
            options.Password = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : user;
        }

        string path = uri.AbsolutePath.Trim('/');
        if (path.Length > 0)
        {
            options.DefaultDatabase = int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out int database)
                ? database
                : throw new FormatException($"The database in the Redis connection string must be a number, not '{path}'.");
        }

        return options;
    }

    private static void ApplyDefaults(ConfigurationOptions options, string text)
    {
        bool Given(string option) => text.Contains(option + "=", StringComparison.OrdinalIgnoreCase);

        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new ExponentialRetry(FirstReconnectMilliseconds, SlowestReconnectMilliseconds);
        options.ClientName ??= "orleans-sessions";

        // Not the library's own threads: waking one for each command and each reply costs more than the command.
        options.SocketManager = SocketManager.ThreadPool;

        // The primary is not announced by a key or a channel, and a user with rights to our keys only may not ask for them.
        if (!Given("tiebreaker"))
        {
            options.TieBreaker = "";
        }

        if (!Given("configChannel"))
        {
            options.ConfigurationChannel = "";
        }

        if (!Given("asyncTimeout"))
        {
            options.AsyncTimeout = TimeoutMilliseconds;
        }

        if (!Given("syncTimeout"))
        {
            options.SyncTimeout = TimeoutMilliseconds;
        }

        if (!Given("connectTimeout"))
        {
            options.ConnectTimeout = TimeoutMilliseconds;
        }
    }
}
