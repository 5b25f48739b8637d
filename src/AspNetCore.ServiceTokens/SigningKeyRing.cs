using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using OrleansSessions.Connectivity.Files;

namespace OrleansSessions.AspNetCore.ServiceTokens;

/// <summary>Keys that tokens are signed with: one that signs, and the public halves of all. Immutable.</summary>
internal sealed class SigningKeyRing
{
    /// <summary>The only curve of ES256 (RFC 7518, 3.4).</summary>
    private const string CurveOid = "1.2.840.10045.3.1.7";

    private SigningKeyRing(ECDsaSecurityKey active, IReadOnlyCollection<ECDsaSecurityKey> keys)
    {
        Active = new SigningCredentials(active, SecurityAlgorithms.EcdsaSha256);
        Ids = [.. keys.Select(static key => key.KeyId)];
        PublicKeys = JsonSerializer.Serialize(new Dictionary<string, object> { ["keys"] = keys.Select(Publish) });
    }

    /// <summary>The key that signs.</summary>
    public SigningCredentials Active { get; }

    public IReadOnlyList<string> Ids { get; }

    /// <summary>The public halves of all keys, as a JSON Web Key Set (RFC 7517).</summary>
    public string PublicKeys { get; }

    /// <summary>Returns the ring in a key directory; null if there are errors.</summary>
    public static SigningKeyRing? Parse(KeyDirectoryContent content, List<string> errors)
    {
        Dictionary<string, ECDsaSecurityKey> keys = content.ReadKeys(
            Read,
            "one unencrypted private key of the curve P-256 in PEM, for example from 'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256'",
            errors);
        if (content.ActiveId is not { } activeId)
        {
            errors.Add(content.Error($"the file '{KeyDirectoryContent.ActiveFile}' must hold the id of the key that signs."));
            return null;
        }

        ECDsaSecurityKey? active = content.FindActive(keys, activeId, errors);
        return errors.Count == 0 ? new SigningKeyRing(active!, keys.Values) : null;
    }

    private static ECDsaSecurityKey? Read(string id, string pem)
    {
        var key = ECDsa.Create();
        if (TryImport(key, pem))
        {
            // Never disposed of: requests may still sign with a key that was removed.
            return new ECDsaSecurityKey(key) { KeyId = id };
        }

        key.Dispose();
        return null;
    }

    private static bool TryImport(ECDsa key, string pem)
    {
        try
        {
            key.ImportFromPem(pem);
            return key.ExportParameters(includePrivateParameters: true).Curve.Oid.Value == CurveOid;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    private static Dictionary<string, string> Publish(ECDsaSecurityKey key)
    {
        ECParameters parameters = key.ECDsa.ExportParameters(includePrivateParameters: false);
        return new()
        {
            ["kty"] = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            ["use"] = JsonWebKeyUseNames.Sig,
            ["alg"] = SecurityAlgorithms.EcdsaSha256,
            ["kid"] = key.KeyId,
            ["crv"] = JsonWebKeyECTypes.P256,
            ["x"] = Base64UrlEncoder.Encode(parameters.Q.X),
            ["y"] = Base64UrlEncoder.Encode(parameters.Q.Y),
        };
    }
}
