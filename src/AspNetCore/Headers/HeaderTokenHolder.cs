using Microsoft.AspNetCore.Http;
using OrleansSessions.AspNetCore.Tokens;

namespace OrleansSessions.AspNetCore.Headers;

/// <summary>Token in the headers of <see cref="SessionHeaderOptions"/>.</summary>
/// <param name="context">The request.</param>
/// <param name="header">The headers.</param>
/// <param name="makesSecrets">Whether new tokens have a secret part.</param>
internal sealed class HeaderTokenHolder(HttpContext context, SessionHeaderOptions header, bool makesSecrets)
    : ResponseTokenHolder(context, HeaderToken.Find(context.Request.Headers[header.Name], header.Name), makesSecrets)
{
    /// <summary>Writes the new token. A client keeps a worthless token, because no header can delete it.</summary>
    protected override void Write(HttpResponse response)
    {
        if ((Begun?.Token ?? Established) is { } token)
        {
            response.Headers[header.ResponseName] = token.Value;
            UncachedResponse.Mark(response.Headers);
        }
    }
}
