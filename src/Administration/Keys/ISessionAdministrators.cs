using System.Security.Claims;

namespace OrleansSessions.Administration;

/// <summary>Administrators of sessions, who sign in with keys. The keys are read from their file at each call, so a removed one is refused at once.</summary>
public interface ISessionAdministrators
{
    /// <summary>The type of the claim that identifies a key and is not the key.</summary>
    const string FingerprintClaim = "orleans-sessions:key";

    /// <summary>Whether there is a file of keys: <see cref="SessionAdministrationOptions.KeysFile"/>.</summary>
    bool AreConfigured { get; }

    /// <summary>Finds an administrator by the key. Keys are compared in constant time.</summary>
    /// <returns>The name, the permissions and the key's fingerprint; null: no such key.</returns>
    ClaimsIdentity? Find(string key, string authenticationType);

    /// <summary>Finds an administrator again, as they are now, for a cookie that outlives requests.</summary>
    /// <param name="fingerprint">The value of the claim <see cref="FingerprintClaim"/>.</param>
    /// <param name="authenticationType">The identity's type.</param>
    ClaimsIdentity? FindByFingerprint(string fingerprint, string authenticationType);
}
