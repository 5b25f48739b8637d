using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.State;

/// <summary>Secrets of a session before its rotations, latest first.</summary>
internal sealed record RetiredSecrets
{
    /// <summary>Maximum number of remembered secrets; older ones count as never valid.</summary>
    public const int Max = 16;

    private const int HalfBytes = 16;

    private const long ReportEveryMs = 60_000;

    private static readonly long MaxGraceMs = (long)SecretRotation.MaxGrace.TotalMilliseconds;

    public required ImmutableArray<RetiredSecret> Secrets { get; init; }

    /// <summary>Whether reuse ends the session, as set by the last rotation.</summary>
    public required bool EndOnReuse { get; init; }

    /// <summary>Whether any secret opens nothing even in its grace: then the oldest do.</summary>
    public bool HasSuperseded => !Secrets.IsEmpty && Secrets[^1].IsSuperseded;

    /// <summary>Finds a secret. Compares with all of them, in constant time.</summary>
    /// <returns>Its position; -1: not found.</returns>
    public int Find(SecretHash secret)
    {
        Span<byte> presented = stackalloc byte[HalfBytes];
        Span<byte> retired = stackalloc byte[HalfBytes];
        BinaryPrimitives.WriteUInt128BigEndian(presented, secret.FirstHalf);
        int found = -1;
        for (int i = 0; i < Secrets.Length; i++)
        {
            BinaryPrimitives.WriteUInt128BigEndian(retired, Secrets[i].FirstHalf);
            found = CryptographicOperations.FixedTimeEquals(presented, retired) ? i : found;
        }

        return found;
    }

    /// <summary>
    /// Whether a secret was presented within its grace. A grace longer than allowed was granted before the clock was set back, and does not count.
    /// </summary>
    public bool IsInGrace(int place, long presentedMs, long nowMs) =>
        Secrets[place].ValidUntilMs is var validUntil && presentedMs < validUntil && validUntil - nowMs <= MaxGraceMs;

    /// <summary>Returns the secrets after a rotation.</summary>
    public static RetiredSecrets After(SecretRotation rotation, RetiredSecrets? before, long nowMs)
    {
        var latest = new RetiredSecret(
            rotation.From.FirstHalf, nowMs + (long)rotation.Grace.TotalMilliseconds, ReportedAtMs: 0, IsSuperseded: rotation.IsPrivilegeChange);
        IEnumerable<RetiredSecret> earlier = (before?.Secrets ?? [])
            .Take(Max - 1)
            .Select(secret => secret with { IsSuperseded = secret.IsSuperseded || rotation.IsPrivilegeChange });
        return new RetiredSecrets { Secrets = [latest, .. earlier], EndOnReuse = rotation.EndOnReuse };
    }

    /// <summary>Whether a reuse must be reported to event handlers; not if it was reported a short while ago.</summary>
    public bool IsReportDue(int place, long nowMs) => nowMs - Secrets[place].ReportedAtMs is < 0 or >= ReportEveryMs;

    /// <summary>Returns the secrets after a reuse was reported to event handlers.</summary>
    public RetiredSecrets Reported(int place, long nowMs) => this with { Secrets = Secrets.SetItem(place, Secrets[place] with { ReportedAtMs = nowMs }) };
}
