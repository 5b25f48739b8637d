using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using OrleansSessions.Contracts;

namespace OrleansSessions.Grains.State;

/// <summary>The secrets that a session had before its rotations, the latest first.</summary>
internal sealed record RetiredSecrets
{
    /// <summary>The most secrets that are remembered; older ones are as good as never valid.</summary>
    public const int Max = 16;

    private const int HalfBytes = 16;

    private const long ReportEveryMs = 60_000;

    private static readonly long MaxGraceMs = (long)SecretRotation.MaxGrace.TotalMilliseconds;

    public required ImmutableArray<RetiredSecret> Secrets { get; init; }

    /// <summary>Whether reuse ends the session, as the last rotation said.</summary>
    public required bool EndOnReuse { get; init; }

    /// <summary>Finds a secret. Every one is compared, in constant time.</summary>
    /// <returns>Its place; -1: it is not among them.</returns>
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

    /// <summary>Whether a secret's grace is not over. None is longer than allowed: one that seems so was granted before the clock was set back.</summary>
    public bool IsInGrace(int place, long nowMs) => Secrets[place].ValidUntilMs - nowMs is > 0 and var left && left <= MaxGraceMs;

    /// <summary>The secrets after a rotation.</summary>
    public static RetiredSecrets After(SecretRotation rotation, RetiredSecrets? before, long nowMs)
    {
        var latest = new RetiredSecret(rotation.From.FirstHalf, nowMs + (long)rotation.Grace.TotalMilliseconds, ReportedAtMs: 0);
        return new RetiredSecrets { Secrets = [latest, .. (before?.Secrets ?? []).Take(Max - 1)], EndOnReuse = rotation.EndOnReuse };
    }

    /// <summary>Whether event handlers are to be told of a reuse, or were a short while ago.</summary>
    public bool IsReportDue(int place, long nowMs) => nowMs - Secrets[place].ReportedAtMs is < 0 or >= ReportEveryMs;

    /// <summary>The secrets after event handlers were told of a reuse.</summary>
    public RetiredSecrets Reported(int place, long nowMs) => this with { Secrets = Secrets.SetItem(place, Secrets[place] with { ReportedAtMs = nowMs }) };
}
