using OrleansSessions.Contracts;
using OrleansSessions.Resp.Values;

namespace OrleansSessions.Resp.Tests.Values;

/// <summary>A connection's memory of its reads.</summary>
public sealed class ReadMemoryTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);

    private readonly ReadMemory _reads = new();

    [Fact]
    public void Read_Remembered_IsFoundUntilForgotten()
    {
        _reads.Remember(Key(1), Read(10), Now);
        _reads.Remember(Key(2), RememberedRead.Nothing, Now);

        Assert.NotNull(_reads.Find(Key(1), Now));
        Assert.Same(RememberedRead.Nothing, _reads.Find(Key(2), Now));
        _reads.Forget(Key(1));
        Assert.Null(_reads.Find(Key(1), Now));
        _reads.Clear();
        Assert.Null(_reads.Find(Key(2), Now));
    }

    [Theory]
    [InlineData(4.9, true)]
    [InlineData(5, false)]
    public void UnusedKey_ReadAfterAnEndedSession_ContinuesItForFiveSeconds(double seconds, bool continues)
    {
        SessionEntry user = new() { Name = "_user", Value = "i:1;"u8.ToArray() };
        _reads.RememberEnded(user, Now);

        // Another read of the key does not prolong it.
        _reads.Remember(Key(1), RememberedRead.Nothing, Now.AddSeconds(seconds / 2));
        _reads.Remember(Key(1), RememberedRead.Nothing, Now.AddSeconds(seconds));
        _reads.Remember(Key(2), RememberedRead.Nothing, Now.AddSeconds(seconds));

        Assert.Equal(continues ? user : null, _reads.Find(Key(1), Now)!.Ended?.User);
        Assert.Null(_reads.Find(Key(2), Now)!.Ended);
    }

    [Fact]
    public void Read_OfMoreThanTenMinutesAgo_IsForgotten()
    {
        _reads.Remember(Key(1), Read(10), Now);
        _reads.Remember(Key(2), Read(10), Now.AddMinutes(6));

        Assert.NotNull(_reads.Find(Key(1), Now.AddMinutes(10)));
        Assert.Null(_reads.Find(Key(1), Now.AddMinutes(10).AddMilliseconds(1)));
        Assert.NotNull(_reads.Find(Key(2), Now.AddMinutes(10).AddMilliseconds(1)));
    }

    [Fact]
    public void Reads_OfTooManySessions_ForgetTheOldest()
    {
        for (int i = 0; i <= ReadMemory.MaxSessions; i++)
        {
            _reads.Remember(Key(i), RememberedRead.Nothing, Now);
        }

        Assert.Null(_reads.Find(Key(0), Now));
        Assert.NotNull(_reads.Find(Key(1), Now));
        Assert.NotNull(_reads.Find(Key(ReadMemory.MaxSessions), Now));
    }

    [Fact]
    public void Reads_OfTooManyBytes_ForgetAllButTheLatest()
    {
        _reads.Remember(Key(1), Read((int)ReadMemory.MaxBytes / 2), Now);
        _reads.Remember(Key(2), Read((int)ReadMemory.MaxBytes + 1), Now);

        Assert.Null(_reads.Find(Key(1), Now));
        Assert.NotNull(_reads.Find(Key(2), Now));
    }

    [Fact]
    public void Reads_OfManySmallEntries_CountTheMemoryThatTheyTake()
    {
        var payload = new Payload(SessionShape.Php, [.. Enumerable.Range(0, 1_000).Select(i => new SessionEntry { Name = $"{i}", Value = "N;"u8.ToArray() })]);
        for (int i = 0; i < 100; i++)
        {
            _reads.Remember(Key(i), new RememberedRead(Guid.NewGuid(), payload), Now);
        }

        Assert.InRange(Enumerable.Range(0, 100).Count(i => _reads.Find(Key(i), Now) is not null), 10, 40);
    }

    [Fact]
    public void Read_OfTheSameSessionAgain_CountsOnce()
    {
        for (int i = 0; i < 10; i++)
        {
            _reads.Remember(Key(1), Read((int)ReadMemory.MaxBytes / 2), Now);
        }

        _reads.Remember(Key(2), Read(1), Now);

        Assert.NotNull(_reads.Find(Key(1), Now));
    }

    private static SessionKey Key(int number) => new($"key-{number}");

    private static RememberedRead Read(int bytes) =>
        new(Guid.NewGuid(), new Payload(SessionShape.Blob, [new SessionEntry { Name = Payload.BlobName, Value = new byte[bytes] }]));
}
