using Microsoft.AspNetCore.Http;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Details of a sign-in.</summary>
public sealed class SignInOptions
{
    /// <summary>
    /// When the user proved who they are. <see cref="DateTimeOffset.UnixEpoch"/>: not known, so never fresh. A time that is still to come counts as now. Default: null, now.
    /// </summary>
    public DateTimeOffset? AuthenticatedAt { get; set; }

    /// <summary>How the user authenticated, such as <c>pwd</c> or <c>otp</c> (RFC 8176). At most 64 characters. Default: null, unspecified.</summary>
    public string? Method { get; set; }

    /// <summary>
    /// Marks by which all of a user's sessions of one kind can be ended, such as <c>tenant:acme</c>. At most 8, each of at most 64 characters. Default: none.
    /// </summary>
    public IReadOnlyList<string> Tags { get; set; } = [];

    /// <summary>A name for the device. Longer ones are cut to 64 characters. Default: null, none.</summary>
    public string? Label { get; set; }

    /// <summary>The user agent. Longer ones are cut to 256 characters. Default: null, the request's.</summary>
    public string? UserAgent { get; set; }

    /// <summary>
    /// The user's network address. Default: null, the connection's: behind a proxy, use ASP.NET Core's forwarded headers middleware, or it is the proxy's.
    /// </summary>
    public string? Address { get; set; }

    internal SessionSignIn ToSignIn(UserKey user, HttpContext? request)
    {
        var signIn = new SessionSignIn
        {
            User = user.Value,
            AuthenticatedAt = AuthenticatedAt,
            Method = Method,
            Tags = [.. Tags],
            Device = new SessionDevice
            {
                UserAgent = SessionDevice.Cut(UserAgent ?? request?.Request.Headers.UserAgent.ToString(), SessionDevice.MaxUserAgent),
                Address = SessionDevice.Cut(Address ?? request?.Connection.RemoteIpAddress?.ToString(), SessionDevice.MaxText),
                Label = SessionDevice.Cut(Label, SessionDevice.MaxText),
            },
        };
        return signIn.IsValid
            ? signIn
            : throw new ArgumentException(
                $"A sign-in has at most {SessionSignIn.MaxTags} tags, its tags and its method have at most {SessionSignIn.MaxText} characters, and "
                + $"{nameof(AuthenticatedAt)} is not before 1970: is it the result of a failed conversion?");
    }
}
