using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using OrleansSessions.AspNetCore.Cookies;
using OrleansSessions.Client;
using OrleansSessions.Connectivity.Redis;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Validator of the options; reports all errors at once.</summary>
internal sealed class OrleansSessionOptionsValidator : IValidateOptions<OrleansSessionOptions>
{
    private static readonly TimeSpan MinIOTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan MinNewsInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxNewsInterval = TimeSpan.FromMinutes(1);

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The characters of an HTTP token (RFC 9110), which names cookies and headers.</summary>
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");

    public ValidateOptionsResult Validate(string? name, OrleansSessionOptions options)
    {
        List<string> errors = [];
        void Check(bool valid, string option, object? value, string rule)
        {
            if (!valid)
            {
                errors.Add($"{OrleansSessionOptions.SectionName}:{option} is '{value}'; it must be {rule}.");
            }
        }

        static bool IsName(string value) => value.Length > 0 && !value.AsSpan().ContainsAnyExcept(NameCharacters);

        static bool IsLifetime(TimeSpan value) => value >= SessionLifetime.MinIdleTimeout && value <= SessionLifetime.Max;

        string lifetimes = $"{SessionLifetime.MinIdleTimeout} to {SessionLifetime.Max}";
        Check(IsLifetime(options.IdleTimeout), nameof(options.IdleTimeout), options.IdleTimeout, lifetimes);
        Check(
            options.AbsoluteLifetime is not { } absolute || IsLifetime(absolute),
            nameof(options.AbsoluteLifetime),
            options.AbsoluteLifetime,
            lifetimes + ", or not set");
        Check(
            options.IOTimeout >= MinIOTimeout && options.IOTimeout <= SessionClient.MaxIOTimeout,
            nameof(options.IOTimeout),
            options.IOTimeout,
            $"{MinIOTimeout} to {SessionClient.MaxIOTimeout}");
        Check(
            options.NewsInterval >= MinNewsInterval && options.NewsInterval <= MaxNewsInterval,
            nameof(options.NewsInterval),
            options.NewsInterval,
            $"{MinNewsInterval} to {MaxNewsInterval}");
        Check(
            options.Impersonation.Lifetime >= SessionLifetime.MinIdleTimeout && options.Impersonation.Lifetime <= SessionSignIn.MaxImpersonation,
            "Impersonation:Lifetime",
            options.Impersonation.Lifetime,
            $"{SessionLifetime.MinIdleTimeout} to {SessionSignIn.MaxImpersonation}");
        Check(
            options.RotationGrace >= TimeSpan.Zero && options.RotationGrace <= SecretRotation.MaxGrace,
            nameof(options.RotationGrace),
            options.RotationGrace,
            $"{TimeSpan.Zero} to {SecretRotation.MaxGrace}");
        Check(
            !options.Namespace.Contains('\0') && Encoding.UTF8.GetByteCount(options.Namespace) <= SessionKey.MaxNamespaceBytes,
            nameof(options.Namespace),
            options.Namespace.Replace('\0', '?'),
            $"at most {SessionKey.MaxNamespaceBytes} UTF-8 bytes without a zero character");
        Check(
            options.Cookie.Name?.StartsWith(SessionCookieBuilder.HostPrefix, StringComparison.Ordinal) != true || options.Cookie.AllowsHostPrefix,
            "Cookie:Name",
            options.Cookie.Name,
            "without the prefix __Host-, unless SecurePolicy is Always, Path is / and no Domain is set: browsers refuse it otherwise");
        Check(
            options.Cookie.Name?.StartsWith(SessionCookieBuilder.SecurePrefix, StringComparison.Ordinal) != true
                || options.Cookie.SecurePolicy == CookieSecurePolicy.Always,
            "Cookie:Name",
            options.Cookie.Name,
            "without the prefix __Secure-, unless SecurePolicy is Always: browsers refuse it otherwise");
        Check(
            options.Cookie.Name is not { } cookie || IsName(cookie),
            "Cookie:Name",
            options.Cookie.Name,
            "letters, digits and !#$%&'*+-.^_`|~ (RFC 6265)");
        Check(
            options.Cookie.SameSite != Microsoft.AspNetCore.Http.SameSiteMode.None || options.Cookie.SecurePolicy == CookieSecurePolicy.Always,
            "Cookie:SameSite",
            options.Cookie.SameSite,
            "Lax or Strict, unless SecurePolicy is Always: browsers refuse it otherwise");
        Check(Enum.IsDefined(options.Transport), nameof(options.Transport), options.Transport, "Cookie or Header");
        Check(
            IsName(options.Header.Name) && !string.Equals(options.Header.Name, HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase),
            "Header:Name",
            options.Header.Name,
            "the name of a request header (RFC 9110) other than Cookie");
        Check(
            IsName(options.Header.ResponseName) && !string.Equals(options.Header.ResponseName, HeaderNames.SetCookie, StringComparison.OrdinalIgnoreCase),
            "Header:ResponseName",
            options.Header.ResponseName,
            "the name of a response header (RFC 9110) other than Set-Cookie");
        Check(
            options.ClearSiteDataTypes.All(static type => type == "*" || (type.Length > 0 && !type.AsSpan().ContainsAnyExcept(Letters))),
            nameof(options.ClearSiteData),
            options.ClearSiteData,
            "types of Clear-Site-Data without quotes, separated by commas, or not set");
        Check(options.MaxUnknownTokensPerMinute is null or > 0, nameof(options.MaxUnknownTokensPerMinute), options.MaxUnknownTokensPerMinute, "positive, or not set");
        if (options.ReadUserKeySecret(out string? wrongSecret) is null && wrongSecret is not null)
        {
            errors.Add(wrongSecret);
        }

        if (options.ImportFrom is { } importFrom && RedisConnectionString.Validate(importFrom) is { } wrong)
        {
            errors.Add($"{OrleansSessionOptions.SectionName}:{nameof(options.ImportFrom)}: {wrong}");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
