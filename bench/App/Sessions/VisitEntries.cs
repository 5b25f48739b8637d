using System.Globalization;

namespace OrleansSessions.Bench.App.Sessions;

/// <summary>Content of the session.</summary>
internal static class VisitEntries
{
    public const string CounterName = "counter";

    public const int Count = 4;

    private static readonly string[] Names = ["entry0", "entry1", "entry2", "entry3"];

    public static long GetCounter(ISession session) =>
        long.Parse(session.GetString(CounterName) ?? "0", CultureInfo.InvariantCulture);

    public static void SetCounter(ISession session, long value) =>
        session.SetString(CounterName, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Replaces the next entry in turn by one of the same length that contains the visit's number.</summary>
    public static void Rewrite(ISession session, long visit)
    {
        int index = (int)(visit % Count);
        Fill(session, index, session.GetString(Names[index])?.Length ?? 0, visit);
    }

    /// <summary>Sets an entry to the number of the visit, padded to a length.</summary>
    public static void Fill(ISession session, int index, int length, long visit) =>
        session.SetString(Names[index], visit.ToString(CultureInfo.InvariantCulture).PadRight(length, 'x'));

    /// <summary>Returns the counter and the total length of the entries: <c>17 400</c>.</summary>
    public static string Summarize(ISession session)
    {
        int length = 0;
        foreach (string name in Names)
        {
            length += session.GetString(name)?.Length ?? 0;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{session.GetString(CounterName)} {length}");
    }
}
