using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OrleansSessions.Connectivity.ClusterTls;

/// <summary>Check of one peer's certificate.</summary>
/// <param name="requiredName">The required DNS name; null: any.</param>
internal sealed class PeerCheck(string? requiredName)
{
    private const X509ChainStatusFlags WrongTime = X509ChainStatusFlags.NotTimeValid;
    private const X509ChainStatusFlags WrongUsage = X509ChainStatusFlags.NotValidForUsage;

    /// <summary>Why the peer was refused, as a value of <see cref="Refusal"/>; null: not refused.</summary>
    public string? Refused { get; private set; }

    /// <summary>The reason in words.</summary>
    public string? Detail { get; private set; }

    /// <summary>Callback of <see cref="SslStream"/>, which has built the chain with our policy.</summary>
    public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 peer || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return Refuse(Refusal.NoCertificate, "It presented no certificate.");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            X509ChainStatusFlags flags = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status) ?? X509ChainStatusFlags.NoError;
            string reason = (flags & ~(WrongTime | WrongUsage)) != 0 ? Refusal.Authority
                : flags.HasFlag(WrongTime) ? Refusal.Expired
                : flags.HasFlag(WrongUsage) ? Refusal.Usage
                : Refusal.Authority;
            return Refuse(reason, $"Its certificate '{peer.Subject}', valid to {peer.NotAfter:u}, was not accepted: {flags}.");
        }

        bool isNamed = requiredName is null || peer.MatchesHostname(requiredName, allowWildcards: false, allowCommonName: false);
        return (isNamed && errors == SslPolicyErrors.None) || Refuse(Refusal.Name, $"Its certificate '{peer.Subject}' is not a silo's.");
    }

    private bool Refuse(string reason, string detail)
    {
        (Refused, Detail) = (reason, detail);
        return false;
    }
}
