using Microsoft.IdentityModel.Tokens;

namespace OrleansSessions.AspNetCore.OpenIdConnect;

/// <summary>Refusal of a logout token. The message is for the log: the sender learns no reason.</summary>
internal sealed class LogoutTokenException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether the token is signed with a key that is not known, and may be new.</summary>
    public bool IsOfUnknownKey => InnerException is SecurityTokenSignatureKeyNotFoundException;
}
