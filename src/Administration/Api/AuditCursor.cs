using System.Globalization;

namespace OrleansSessions.Administration.Api;

/// <summary>Id of an event of the audit trail, as a client gives it: <c>milliseconds-number</c>.</summary>
internal static class AuditCursor
{
    public static bool IsValid(string text) => text.Split('-') is [var milliseconds, var number] && IsNumber(milliseconds) && IsNumber(number);

    private static bool IsNumber(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
