using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Audit;
using OrleansSessions.Grains.Configuration;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Tests.Audit;

/// <summary>Lines of the audit trail, in logs and in the stream.</summary>
public sealed class AuditTests
{
    private static readonly AuditEvent Line = new()
    {
        Id = "1767225600000-1",
        Kind = AuditKind.Ended,
        At = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        SessionKey = "session-key",
        Incarnation = new("11111111-2222-3333-4444-555555555555"),
        User = "user-key",
        Reason = EndReason.EndedByAdministrator,
        Actor = "administrator:ada",
        Detail = "a detail",
        Silo = "silo-1",
        ImpersonatedBy = "the-administrator",
    };

    [Theory]
    [InlineData(AuditKind.Created, 300, LogLevel.Information)]
    [InlineData(AuditKind.SignedIn, 301, LogLevel.Information)]
    [InlineData(AuditKind.Rotated, 302, LogLevel.Information)]
    [InlineData(AuditKind.Reused, 303, LogLevel.Warning)]
    [InlineData(AuditKind.Ended, 304, LogLevel.Information)]
    [InlineData(AuditKind.Impersonated, 305, LogLevel.Warning)]
    [InlineData(AuditKind.SteppedUp, 306, LogLevel.Information)]
    public void Event_IsLoggedUnderItsCategoryWithAStableId(AuditKind kind, int id, LogLevel level)
    {
        var logs = new RecordedLogs();

        new AuditLog(logs, Options.Create(new SessionClusterOptions())).Write(Line with { Kind = kind });

        (string category, EventId eventId, LogLevel logged, string text) = Assert.Single(logs.Lines);
        Assert.Equal((SessionAuditOptions.LogCategory, id, level), (category, eventId.Id, logged));
        Assert.Contains("session-key", text, StringComparison.Ordinal);
    }

    [Fact]
    public void End_IsLoggedWithReasonAndActor()
    {
        var logs = new RecordedLogs();

        new AuditLog(logs, Options.Create(new SessionClusterOptions())).Write(Line);

        Assert.Equal(
            "Ended: session session-key, incarnation 11111111-2222-3333-4444-555555555555, user user-key, reason EndedByAdministrator, by administrator:ada, "
            + "impersonator the-administrator, told at 2026-01-01T00:00:00.0000000+00:00.",
            Assert.Single(logs.Lines).Text);
    }

    [Fact]
    public void Line_ReadFromTheStream_IsWhatWasWritten()
    {
        AuditEvent least = Line with { User = null, ImpersonatedBy = null, Reason = null, Actor = null, Detail = null, Kind = AuditKind.Created };

        Assert.Equal(Line, AuditLine.Read(new StreamEntry(Line.Id, AuditLine.Write(Line))));
        Assert.Equal(least, AuditLine.Read(new StreamEntry(Line.Id, AuditLine.Write(least))));
    }

    [Fact]
    public void Line_OfOthers_IsOfUnknownKind() => Assert.Equal(AuditKind.Unknown, AuditLine.Read(new StreamEntry("1-1", [new("kind", "99"), new("x", "y")])).Kind);

    [Theory]
    [InlineData("1767225600000-0", true)]
    [InlineData("0-0", true)]
    [InlineData("1767225600000", false)]
    [InlineData("-1", false)]
    [InlineData("1-", false)]
    [InlineData("+", false)]
    [InlineData("1-1 COUNT", false)]
    public void Cursor_IsThePlaceOfAnEvent(string text, bool isPlace) => Assert.Equal(isPlace, AuditStream.IsPlace(text));
}
