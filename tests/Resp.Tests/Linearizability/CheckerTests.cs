namespace OrleansSessions.Resp.Tests.Linearizability;

/// <summary>Correct histories, and histories with each kind of error.</summary>
public sealed class CheckerTests
{
    [Theory]
    [InlineData("one after the other", true, "0-1 SET a -> +OK", "2-3 GET -> $a", "4-5 DEL -> :1", "6-7 GET -> $-1")]
    [InlineData("a read beside a write sees either", true, "0-9 SET a -> +OK", "1-2 GET -> $-1", "3-4 GET -> $a")]
    [InlineData("stale read", false, "0-1 SET a -> +OK", "2-3 SET b -> +OK", "4-5 GET -> $a")]
    [InlineData("lost write", false, "0-1 SET a -> +OK", "2-3 GET -> $-1")]
    [InlineData("a value goes back", false, "0-9 SET a -> +OK", "1-2 GET -> $a", "3-4 GET -> $-1")]
    [InlineData("ended and there again", false, "0-1 SET a -> +OK", "2-3 DEL -> :1", "4-5 GET -> $a")]
    [InlineData("ended twice", false, "0-1 SET a -> +OK", "2-9 DEL -> :1", "3-8 DEL -> :1")]
    [InlineData("given to two", false, "0-1 SET a -> +OK", "2-9 GETDEL -> $a", "3-8 GETDEL -> $a")]
    [InlineData("increments at once", true, "0-9 INCR -> :2", "0-9 INCR -> :1", "10-11 GET -> $2")]
    [InlineData("lost increment", false, "0-9 INCR -> :1", "0-9 INCR -> :1")]
    [InlineData("increment applied twice", false, "0-1 INCR -> :1", "2-3 GET -> $2")]
    [InlineData("two that were first", false, "0-9 SETNX a -> :1", "0-9 SETNX b -> :1")]
    [InlineData("lost suffix", false, "0-1 APPEND a -> :1", "2-3 APPEND b -> :2", "4-5 GET -> $a")]
    public void History_IsLinearizable_OrNot(string name, bool expected, params string[] lines)
    {
        Assert.NotEmpty(name);
        Assert.Equal(expected, Checker.IsLinearizable(lines.Select(Read)));
    }

    private static Operation Read(string line)
    {
        string[] parts = line.Split(" -> ");
        string[] words = parts[0].Split(' ');
        long[] times = [.. words[0].Split('-').Select(static time => long.Parse(time, System.Globalization.CultureInfo.InvariantCulture))];
        return new Operation(words[1..], parts[1], times[0], times[1]);
    }
}
