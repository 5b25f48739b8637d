using System.Globalization;

namespace OrleansSessions.Resp.Tests.Linearizability;

/// <summary>Sequential model of a Redis string.</summary>
internal static class KeyModel
{
    /// <summary>Returns the answer to a command, and the new value; null: no key.</summary>
    public static (string Answer, string? State) Apply(IReadOnlyList<string> command, string? state) => command[0] switch
    {
        "GET" => (Bulk(state), state),
        "SET" => ("+OK", command[1]),
        "SETNX" => state is null ? (":1", command[1]) : (":0", state),
        "GETSET" => (Bulk(state), command[1]),
        "GETDEL" => (Bulk(state), null),
        "DEL" => (state is null ? ":0" : ":1", null),
        "EXISTS" => (state is null ? ":0" : ":1", state),
        "APPEND" => ($":{(state + command[1]).Length}", state + command[1]),
        "INCR" => Add(state, 1),
        _ => throw new ArgumentException($"No model of {command[0]}.", nameof(command)),
    };

    private static (string Answer, string? State) Add(string? state, long by) =>
        long.TryParse(state ?? "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? ($":{number + by}", $"{number + by}")
            : ("-ERR value is not an integer or out of range", state);

    private static string Bulk(string? state) => state is null ? "$-1" : "$" + state;
}
