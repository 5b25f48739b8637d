using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Derivation of user keys. User ids go no further than here.</summary>
internal sealed class UserKeys(IOptions<OrleansSessionOptions> options)
{
    private byte[]? _secret;

    public bool HasSecret => (_secret ??= options.Value.ReadUserKeySecret(out _)) is not null;

    /// <exception cref="InvalidOperationException">No secret is configured.</exception>
    public UserKey Of(string userId)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        string? error = null;
        _secret ??= options.Value.ReadUserKeySecret(out error);
        if (_secret is null)
        {
            throw new InvalidOperationException(
                error ?? $"Users can't be signed in without a secret for their keys: set {OrleansSessionOptions.SectionName}:{nameof(OrleansSessionOptions.UserKeySecret)} "
                + $"or {nameof(OrleansSessionOptions.UserKeySecretFile)} to the same {UserKey.MinSecretBytes} random bytes in base64 on all frontends.");
        }

        return UserKey.For(_secret, options.Value.Namespace, userId);
    }
}
