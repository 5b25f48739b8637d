using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using OrleansSessions.Client;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Configuration;

/// <summary>Validator of the endpoint's options; reports all errors at once.</summary>
internal sealed class RespOptionsValidator : IValidateOptions<RespOptions>
{
    private const int MinArguments = 16;
    private const int MinBulkBytes = 16 * 1024;
    private const int MaxBulkBytes = 512 * 1024 * 1024;
    private const int MaxDatabases = 1024;

    /// <summary>The system's limit, without the final zero.</summary>
    private const int MaxUnixSocketBytes = 107;

    /// <summary>A session's namespace is its prefix plus a few characters for the database and the kind of key.</summary>
    private const int MaxPrefixBytes = 100;

    private static readonly TimeSpan MinSlowClientTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxLockWait = TimeSpan.FromMilliseconds(500);

    public ValidateOptionsResult Validate(string? name, RespOptions options)
    {
        List<string> errors = [];
        void Check(bool valid, string option, object? value, string rule)
        {
            if (!valid)
            {
                errors.Add($"{RespOptions.SectionName}:{option} is '{value}'; it must be {rule}.");
            }
        }

        Check(options.Port is null or (>= IPEndPoint.MinPort and <= IPEndPoint.MaxPort), nameof(options.Port), options.Port, "a port, 0 to 65535, or not set");
        Check(
            options.UnixSocket is null || (Path.IsPathFullyQualified(options.UnixSocket) && Encoding.UTF8.GetByteCount(options.UnixSocket) <= MaxUnixSocketBytes),
            nameof(options.UnixSocket),
            options.UnixSocket,
            $"an absolute path of at most {MaxUnixSocketBytes} bytes");
        Check(
            options.ParsedUnixSocketMode is not null,
            nameof(options.UnixSocketMode),
            options.UnixSocketMode,
            "three octal digits, for example 660");
        Check(options.ParsedAddress is not null, nameof(options.Address), options.Address, "an IP address, or *");
        Check(options.Databases is >= 1 and <= MaxDatabases, nameof(options.Databases), options.Databases, $"1 to {MaxDatabases}");
        Check(options.IdleTimeout >= TimeSpan.Zero, nameof(options.IdleTimeout), options.IdleTimeout, "0 (never) or more");
        Check(
            options.SlowClientTimeout >= MinSlowClientTimeout,
            nameof(options.SlowClientTimeout),
            options.SlowClientTimeout,
            $"at least {MinSlowClientTimeout}");
        Check(options.MaxConnections > 0, nameof(options.MaxConnections), options.MaxConnections, "positive");
        Check(options.MaxArguments >= MinArguments, nameof(options.MaxArguments), options.MaxArguments, $"at least {MinArguments}");
        Check(
            options.MaxBulkBytes is >= MinBulkBytes and <= MaxBulkBytes,
            nameof(options.MaxBulkBytes),
            options.MaxBulkBytes,
            $"{MinBulkBytes} to {MaxBulkBytes}");
        long minBufferedBytes = Math.Max(Reply.MaxBytes, 2L * options.MaxBulkBytes);
        Check(
            options.MaxBufferedBytes >= minBufferedBytes,
            nameof(options.MaxBufferedBytes),
            options.MaxBufferedBytes,
            $"at least {minBufferedBytes}: the largest reply, and twice MaxBulkBytes");
        Check(
            options.IOTimeout > TimeSpan.Zero && options.IOTimeout <= SessionClient.MaxIOTimeout,
            nameof(options.IOTimeout),
            options.IOTimeout,
            $"positive and at most {SessionClient.MaxIOTimeout}");
        Check(options.LockWait >= TimeSpan.Zero && options.LockWait <= MaxLockWait, nameof(options.LockWait), options.LockWait, $"0 to {MaxLockWait}");
        Check(
            options.DefaultHandler is RespOptions.Php or RespOptions.PhpSerialize,
            nameof(options.DefaultHandler),
            options.DefaultHandler,
            $"{RespOptions.Php} or {RespOptions.PhpSerialize}");
        CheckPrefixes(options, Check);
        errors.AddRange(options.BarePrefixes.Select(static path =>
            $"{path} is a text; it must be {path}:{nameof(RespPrefix.Prefix)}, and {path}:{nameof(RespPrefix.Merge)}=true for PHP's sessions."));
        CheckAccess(options, errors);
        CheckTls(options.Tls, Check);
        Check(
            SessionEntry.IsValidName(options.UserEntry) && !options.UserEntry.Contains('|'),
            nameof(options.UserEntry),
            options.UserEntry,
            "the name of a session variable");
        if (options.ReadUserKeySecret(out string? userSecret) is null && userSecret is not null)
        {
            errors.Add(userSecret);
        }

        if (options.ImportFrom is { } importFrom && RedisConnectionString.Validate(importFrom) is { } wrong)
        {
            errors.Add($"{RespOptions.SectionName}:{nameof(options.ImportFrom)}: {wrong}");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckPrefixes(RespOptions options, Action<bool, string, object?, string> check)
    {
        for (int i = 0; i < options.Prefixes.Count; i++)
        {
            string prefix = options.Prefixes[i].Prefix;
            string option = $"{nameof(options.Prefixes)}:{i}:{nameof(RespPrefix.Prefix)}";
            check(
                prefix.Length > 0 && Encoding.UTF8.GetByteCount(prefix) <= MaxPrefixBytes && !prefix.Contains('\0'),
                option,
                prefix,
                $"a text of at most {MaxPrefixBytes} bytes, without U+0000");
            check(
                prefix.Length == 0 || prefix[0] is not ('~' or '#'),
                option,
                prefix,
                "a text that does not begin with ~ or #, which are reserved for the endpoint's own keys and namespaces");

            // The longest prefix wins, so an application whose prefix starts with another's could name that one's sessions with a token of its choice.
            string? other = options.Prefixes.Take(i).Select(static before => before.Prefix).FirstOrDefault(
                before => before.Length > 0 && prefix.Length > 0
                    && (prefix.StartsWith(before, StringComparison.Ordinal) || before.StartsWith(prefix, StringComparison.Ordinal)));
            check(
                other is null,
                option,
                prefix,
                $"independent of the prefix '{other}': neither may begin with the other, or one application could name the other's sessions");
        }
    }

    /// <summary>Redis' protected mode. Passwords are not printed.</summary>
    private static void CheckAccess(RespOptions options, List<string> errors)
    {
        foreach ((string user, string password) in options.Users)
        {
            if (string.IsNullOrEmpty(password) || user.Length == 0 || user.Any(char.IsWhiteSpace))
            {
                errors.Add($"{RespOptions.SectionName}:Users:{user} must be a name without spaces, with a password.");
            }
        }

        if (options is { Port: not null, AllowAnonymous: false, HasCredentials: false, ParsedAddress: { } address } && !IPAddress.IsLoopback(address))
        {
            errors.Add(
                $"{RespOptions.SectionName}:Address is '{options.Address}', which other machines can reach, and no password is set: "
                + "set Resp:Password or Resp:Users, or Resp:AllowAnonymous if every machine of the network may read all sessions.");
        }
    }

    private static void CheckTls(RespTlsOptions tls, Action<bool, string, object?, string> check)
    {
        if (tls.IsEnabled)
        {
            check(File.Exists(tls.CertificatePath), "Tls:CertificatePath", tls.CertificatePath, "a PEM file that can be read");
            check(File.Exists(tls.KeyPath), "Tls:KeyPath", tls.KeyPath, "a PEM file that can be read");
        }
    }
}
