using System.Globalization;

namespace OrleansSessions.Bench.App.Sessions;

/// <summary>What the session holds.</summary>
internal static class VisitEntries
{
    public const string CounterName = "counter";

    public const int Count = 4;

    private static readonly string[] Names = ["entry0", "entry1", "entry2", "entry3"];

    public static long GetCounter(ISession session) =>
        long.Parse(session.GetString(CounterName) ?? "0", CultureInfo.InvariantCulture);

    public static void SetCounter(ISession session, long value) =>
        session.SetString(CounterName, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Replaces the entry whose turn it is by one of the same length that shows the visit's number.</summary>
    public static void Rewrite(ISession session, long visit)
    {
        int index = (int)(visit % Count);
        Fill(session, index, session.GetString(Names[index])?.Length ?? 0, visit);
    }

    /// <summary>Sets an entry: the number of the visit, filled up to a length.</summary>
    public static void Fill(ISession session, int index, int length, long visit) =>
        session.SetString(Names[index], visit.ToString(CultureInfo.InvariantCulture).PadRight(length, 'x'));

    /// <summary>The counter and the length of all entries: <c>17 400</c>.</summary>
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
