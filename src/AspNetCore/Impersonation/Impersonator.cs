using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansSessions.AspNetCore.Tokens;
using OrleansSessions.Client;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>Start of an impersonation: a new session beside the administrator's own, whose token the browser keeps.</summary>
internal sealed class Impersonator(SessionClient client, UserKeys users, IOptions<OrleansSessionOptions> options)
{
    /// <exception cref="InvalidOperationException">It is not configured, or the response has started.</exception>
    /// <exception cref="ImpersonationException">The administrator may not, or not now.</exception>
    public async Task StartAsync(HttpContext request, string userId, CancellationToken cancellationToken)
    {
        OrleansSessionOptions settings = options.Value;
        string policy = settings.Impersonation.Policy ?? throw new InvalidOperationException(
            "Nobody may act as a user: name an authorization policy in "
            + $"{OrleansSessionOptions.SectionName}:{nameof(settings.Impersonation)}:{nameof(ImpersonationOptions.Policy)}.");
        if (settings.IsSharedWithPhp || request.Features.Get<ResponseTokenHolder>() is not { } tokens)
        {
            throw new InvalidOperationException("Acting as a user needs app.UseOrleansSessions(), and a namespace that PHP does not share.");
        }

        IOrleansSession session = request.GetOrleansSession();
        await session.LoadAsync(cancellationToken);
        SessionIdentity own = session.Identity ?? throw ImpersonationException.NotSignedIn();
        UserKey user = users.Of(userId);
        if (own.ImpersonatedBy is not null)
        {
            throw ImpersonationException.Acting();
        }

        if (own.User == user.Value)
        {
            throw ImpersonationException.SameUser();
        }

        EnsureSameUser(request, own);
        await AuthorizeAsync(request, policy);

        tokens.EnsureEstablishable();
        await EndBegunAsync(tokens, cancellationToken);
        tokens.EstablishBeside(await CreateAsync(request, settings, own, session.Id, user, cancellationToken));
    }

    /// <summary>Ends the impersonation that the request acts in, or has begun. Does nothing in any other session.</summary>
    public async Task StopAsync(HttpContext request, CancellationToken cancellationToken)
    {
        var tokens = request.Features.Get<ResponseTokenHolder>();
        if (tokens is not null)
        {
            await EndBegunAsync(tokens, cancellationToken);
        }

        IOrleansSession session = request.GetOrleansSession();
        await session.LoadAsync(cancellationToken);
        if (!session.Exists || session.Identity?.ImpersonatedBy is not null)
        {
            await session.DestroyAsync(cancellationToken);
            if (tokens?.TryReturnToOwn() == true && session is OrleansSession own)
            {
                // What the request still stores belongs to the administrator.
                await own.SwitchAsync(cancellationToken);
            }
        }
    }

    /// <summary>The policy judges the request's user, and the audit trail names the session's: they must be the same.</summary>
    /// <exception cref="ImpersonationException">Another user's ticket authenticated the request.</exception>
    internal static void EnsureSameUser(HttpContext request, SessionIdentity own)
    {
        if (RequestTickets.Authenticating(request, request.User).Any(ticket => ticket.Identity is { } identity && identity.User != own.User))
        {
            throw ImpersonationException.OtherUser();
        }
    }

    /// <exception cref="InvalidOperationException">The policy does not exist, or names schemes that have not authenticated the request's user.</exception>
    /// <exception cref="ImpersonationException">The request's user does not meet the policy.</exception>
    internal static async Task AuthorizeAsync(HttpContext request, string name)
    {
        AuthorizationPolicy policy = await request.RequestServices.GetRequiredService<IAuthorizationPolicyProvider>().GetPolicyAsync(name)
            ?? throw new InvalidOperationException($"There is no authorization policy '{name}' to act as a user by.");

        // IAuthorizationService ignores a policy's schemes. Only the authorization of an endpoint authenticates the request's user by them.
        string[] schemes = request.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket?.AuthenticationScheme.Split(';') ?? [];
        if (policy.AuthenticationSchemes.Except(schemes).Any())
        {
            throw new InvalidOperationException(
                $"The authorization policy '{name}' names authentication schemes: call RequireAuthorization(\"{name}\") on the endpoint that acts as a user.");
        }

        if (!(await request.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(request.User, request, policy)).Succeeded)
        {
            throw ImpersonationException.NotAllowed();
        }
    }

    /// <summary>Ends an impersonation whose token the client has not got yet.</summary>
    private async Task EndBegunAsync(ResponseTokenHolder tokens, CancellationToken cancellationToken)
    {
        if (tokens.Begun is { } begun)
        {
            await client.DestroyAsync(begun.Key, begun.Incarnation, cancellationToken);
            tokens.EstablishBeside(null);
        }
    }

    private async Task<BegunImpersonation> CreateAsync(
        HttpContext request, OrleansSessionOptions settings, SessionIdentity own, string ownKey, UserKey user, CancellationToken cancellationToken)
    {
        SessionSignIn signIn = new SignInOptions { AuthenticatedAt = own.AuthenticatedAt, Method = own.Method }.ToSignIn(user, request);
        var token = SessionToken.Create();
        var key = SessionKey.For(settings.Namespace, token);
        TimeSpan lifetime = settings.Impersonation.Lifetime;
        CommitResult result = await client.CommitAsync(
            key,
            new SessionCommit
            {
                OperationId = Guid.NewGuid(),
                Changes = [],
                Namespace = settings.Namespace,
                NewSession = new SessionLifetime { IdleTimeout = lifetime < settings.IdleTimeout ? lifetime : settings.IdleTimeout, AbsoluteLifetime = lifetime },
                Secret = token.SecretHash,
                SignIn = signIn with { ImpersonatedBy = own.User, ImpersonatedFrom = ownKey, Tags = [SessionSignIn.ImpersonationTag] },
            },
            cancellationToken);
        AppliedCommit.ThrowUnlessApplied(result);
        if (result.Identity?.ImpersonatedBy != own.User)
        {
            // An older silo knows nothing of impersonation, and the session would pass for the user's own.
            await client.DestroyAsync(key, result.Incarnation, CancellationToken.None);
            throw new InvalidOperationException("A silo of an earlier version can't mark an impersonation: finish upgrading all silos.");
        }

        return new BegunImpersonation(token, key, result.Incarnation);
    }
}
