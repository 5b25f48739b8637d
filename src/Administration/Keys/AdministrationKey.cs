using System.Security.Cryptography;

namespace OrleansSessions.Administration;

/// <summary>Key of an administrator.</summary>
/// <param name="Name">The administrator's name.</param>
/// <param name="Permissions">Values of <see cref="SessionPermissions"/>.</param>
/// <param name="Hash">The SHA-256 of the key.</param>
internal sealed record AdministrationKey(string Name, IReadOnlyList<string> Permissions, byte[] Hash)
{
    /// <summary>Whether a presented key is this one. Takes the same time for any.</summary>
    public bool Is(byte[] presentedHash) => CryptographicOperations.FixedTimeEquals(Hash, presentedHash);

    public override string ToString() => $"{Name} [redacted]";
}
