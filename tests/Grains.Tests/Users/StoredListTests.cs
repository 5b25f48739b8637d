using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Tests.Users;

/// <summary>Golden file of a user's list in Redis. Give a new member its own bit, or raise the schema and keep reading the previous one.</summary>
public sealed class StoredListTests
{
    private static readonly UserSessionsState WithActor = new()
    {
        LastNumber = 1,
        Sessions =
        [
            new()
            {
                Number = 1,
                SessionKey = Key("a"),
                SignInId = new("aaaaaaaa-0000-0000-0000-000000000001"),
                SignedInAtMs = 1_767_225_600_000,
                Ending = EndReason.EndedByAdministrator,
                EndingActor = "administrator:ada",
            },
        ],
    };

    private static readonly UserSessionsState WithImpersonation = new()
    {
        LastNumber = 2,
        Sessions =
        [
            new()
            {
                Number = 2,
                SessionKey = Key("a"),
                SignInId = new("aaaaaaaa-0000-0000-0000-000000000001"),
                SignedInAtMs = 1_767_225_600_000,
                Tags = [SessionSignIn.ImpersonationTag],
                Beside = Key("b"),
            },
        ],
    };

    private static readonly UserSessionsState List = new()
    {
        LastNumber = 301,
        Sessions =
        [
            new()
            {
                Number = 7,
                SessionKey = Key("a"),
                SignInId = new("aaaaaaaa-0000-0000-0000-000000000001"),
                SignedInAtMs = 1_767_225_600_000,
            },
            new()
            {
                Number = 300,
                SessionKey = Key("b"),
                MovedFrom = Key("c"),
                SignInId = new("aaaaaaaa-0000-0000-0000-000000000002"),
                SignedInAtMs = 1_767_225_700_000,
                Tags = ["tenant:acme", "client:shop"],
                Ending = EndReason.SessionLimit,
            },
        ],
    };

    public static TheoryData<string> Names => ["list", "list-by", "list-beside"];

    [Theory]
    [MemberData(nameof(Names))]
    public void List_Stored_HasTheBytesOfTheGoldenFile(string name)
    {
        string stored = Convert.ToBase64String(UserSessionsFormat.Write(Of(name)));

        Assert.True(stored == Golden(name), $"Golden/user.{name}.b64 has other bytes than are stored now:\n{stored}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void List_ReadFromTheGoldenFile_IsWhatWasStored(string name) =>
        Assert.Equivalent(Of(name), UserSessionsFormat.Read(Convert.FromBase64String(Golden(name))), strict: true);

    [Theory]
    [InlineData(1, UserSessionsFormat.Schema + 1)]
    [InlineData(5, 128)]
    public void List_OfALaterVersion_IsRefusedAsNewer(int position, byte value)
    {
        byte[] stored = UserSessionsFormat.Write(List);
        stored[position] = value;

        Assert.Contains("newer version", Assert.Throws<NotSupportedException>(() => UserSessionsFormat.Read(stored)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void List_CutOrLengthenedOrOfAnotherKind_IsRefused()
    {
        byte[] stored = UserSessionsFormat.Write(List);
        for (int length = 0; length < stored.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => UserSessionsFormat.Read(stored.AsSpan(0, length)));
        }

        Assert.Throws<InvalidDataException>(() => UserSessionsFormat.Read([.. stored, 0]));
        Assert.Throws<InvalidDataException>(() => UserSessionsFormat.Read(SessionStateFormat.Write(SessionState.None)));
    }

    private static string Key(string id) => UserKey.For(new byte[UserKey.MinSecretBytes], "", id).Value;

    private static UserSessionsState Of(string name) => name switch
    {
        "list" => List,
        "list-by" => WithActor,
        _ => WithImpersonation,
    };

    private static string Golden(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Golden", $"user.{name}.b64");
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }
}
