using CsCheck;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Storage;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>
/// Golden files of the bytes in Redis. A change of the bytes or of their meaning loses the sessions of running clusters: give a new member its own bit, or raise
/// the schema and keep reading the previous one.
/// </summary>
public sealed class StoredStateTests
{
    private static readonly Guid Incarnation = new("11111111-2222-3333-4444-555555555555");

    private static readonly SessionState Active = new()
    {
        Status = SessionStatus.Active,
        Incarnation = Incarnation,
        Version = 7,
        Packed = EntryPacking.Pack(
        [
            new() { Name = "cart", Value = [0, 1, 255], Format = EntryFormat.Bytes, Version = 1 },
            new() { Name = "naïve", Value = "i:1;"u8.ToArray(), Format = EntryFormat.Php, Version = 3 },
            new() { Name = "count", Value = "42"u8.ToArray(), Format = EntryFormat.Json, Version = 7 },
        ]),
        CreatedAtMs = 1_767_225_600_000,
        LastUsedAtMs = 1_767_225_700_000,
        IdleTimeoutMs = 1_200_000,
        AbsoluteLifetimeMs = 86_400_000,
        Operations =
        [
            new() { Id = new("aaaaaaaa-0000-0000-0000-000000000001"), UntilMs = 1_767_225_650_000, Version = 6 },
            new() { Id = new("aaaaaaaa-0000-0000-0000-000000000002"), UntilMs = 1_767_225_660_000, Version = 7, Numbers = [41, 42] },
        ],
        OperationsForgottenThroughMs = 1_767_225_640_000,
        IndexedDeadlineMs = 1_767_226_800_000,
        CreationAnnounced = true,
        Shape = SessionShape.PhpSerialize,
        Namespace = "shop",
    };

    private static readonly SessionState Locked = Active with
    {
        Lock = new() { Owner = [7, 8], ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_800_000), OperationId = new("aaaaaaaa-0000-0000-0000-000000000003") },
    };

    private static readonly SessionState Provisional = Active with { Provisional = true, MovedFrom = "old-key" };

    private static readonly SessionState Ending = Active.Ended(
        new() { Reason = EndReason.Revoked, RemoveAtMs = 1_767_225_820_000, OperationId = new("aaaaaaaa-0000-0000-0000-000000000004") });

    private static readonly SessionState Tombstone =
        Active.ToTombstone(new() { RemoveAtMs = 1_767_225_820_000, MovedTo = "new-key", HandoverPending = true });

    private static readonly SessionState Secret = Active with { Secret = SecretHash.Of("a secret") };

    private static readonly SessionState Rotated = Active with
    {
        Secret = SecretHash.Of("a third secret"),
        Retired = new()
        {
            Secrets =
            [
                new(SecretHash.Of("another secret").FirstHalf, ValidUntilMs: 1_767_225_710_000, ReportedAtMs: 0),
                new(SecretHash.Of("a secret").FirstHalf, ValidUntilMs: 1_767_225_705_000, ReportedAtMs: 1_767_225_706_000),
            ],
            EndOnReuse = true,
        },
    };

    private static readonly SessionState Superseded = Rotated with
    {
        Retired = Rotated.Retired! with { Secrets = [Rotated.Retired.Secrets[0], Rotated.Retired.Secrets[1] with { IsSuperseded = true }] },
    };

    private static readonly SessionState SignedIn = Secret with
    {
        SignedIn = new()
        {
            SignInId = new("aaaaaaaa-0000-0000-0000-000000000005"),
            Identity = new()
            {
                User = UserKey.For(new byte[UserKey.MinSecretBytes], "shop", "ada").Value,
                SignedInAt = DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_650_000),
                LastSignInAt = DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_650_000),
                AuthenticatedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_640_000),
                Method = "pwd",
                Tags = ["tenant:acme", "client:shop"],
            },
            Device = new() { UserAgent = "Mozilla/5.0", Address = "192.0.2.7", Label = "Ada's phone" },
        },
    };

    private static readonly SessionState SignedInBriefly = Active with
    {
        SignedIn = SignedIn.SignedIn with { Identity = SignedIn.SignedIn!.Identity with { Method = null, Tags = [] }, Device = null },
    };

    public static TheoryData<string> Names =>
    [
        "active", "signed-in", "signed-in-briefly", "signed-in-again", "impersonated", "of-ticket", "elevated", "secret", "rotated", "superseded", "locked", "provisional",
        "ending", "ending-by", "tombstone", "new",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void State_Stored_HasTheBytesOfTheGoldenFile(string name)
    {
        string stored = Convert.ToBase64String(SessionStateFormat.Write(State(name)));

        Assert.True(stored == Golden(name), $"Golden/session.state.{name}.b64 has other bytes than are stored now:\n{stored}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void State_ReadFromTheGoldenFile_IsWhatWasStored(string name)
    {
        SessionState expected = State(name);

        SessionState read = SessionStateFormat.Read(Convert.FromBase64String(Golden(name)));

        Assert.Equivalent(expected, read, strict: true);
    }

    /// <summary>Schema 2 holds operation times where deadlines are now.</summary>
    [Fact]
    public void State_ReadFromTheGoldenFileOfSchema2_HasDeadlinesOfTheTimeThatRepetitionsHadThen()
    {
        SessionState expected = Active with
        {
            Operations = [.. Active.Operations.Select(static operation => operation with { UntilMs = operation.UntilMs + OperationLog.DefaultLifeMs })],
            OperationsForgottenThroughMs = Active.OperationsForgottenThroughMs + OperationLog.DefaultLifeMs,
        };

        SessionState read = SessionStateFormat.Read(Convert.FromBase64String(Golden("schema-2")));

        Assert.Equivalent(expected, read, strict: true);
    }

    /// <summary>Parts, statuses and schemas that later versions may add. The error must not suggest deleting such a session.</summary>
    [Theory]
    [InlineData("newer-schema")]
    [InlineData("newer-status")]
    [InlineData("newer-part")]
    [InlineData("newer-ending")]
    [InlineData("newer-sign-in")]
    public void State_OfALaterVersion_IsRefusedAsNewer(string name)
    {
        var refusal = Assert.Throws<NotSupportedException>(() => SessionStateFormat.Read(Convert.FromBase64String(Golden(name))));

        Assert.Contains("stored by a newer version", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Finish upgrading", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void State_CutOrLengthened_IsRefused()
    {
        foreach (string name in Names.Select(static row => row.Data))
        {
            byte[] stored = SessionStateFormat.Write(State(name));
            for (int length = 0; length < stored.Length; length++)
            {
                Assert.Throws<InvalidDataException>(() => SessionStateFormat.Read(stored.AsSpan(0, length)));
            }

            Assert.Throws<InvalidDataException>(() => SessionStateFormat.Read([.. stored, 0]));
        }
    }

    /// <summary>Arbitrary bytes are read or refused quickly.</summary>
    [Fact]
    public void State_AnyBytes_AreReadOrRefused() =>
        Gen.Select(Gen.OneOfConst([.. Names.Select(static row => row.Data)]), Gen.Int[0, 400], Gen.Byte).Sample((name, position, value) =>
        {
            byte[] stored = SessionStateFormat.Write(State(name));
            stored[position % stored.Length] = value;
            try
            {
                SessionState read = SessionStateFormat.Read(stored);
                read.Unpack();
            }
            catch (Exception exception) when (exception is InvalidDataException or NotSupportedException)
            {
                // Refused.
            }
        }, iter: 20_000);

    private static SessionState State(string name) => name switch
    {
        "active" => Active,
        "secret" => Secret,
        "signed-in" => SignedIn,
        "signed-in-briefly" => SignedInBriefly,
        "signed-in-again" => SignedIn with
        {
            SignedIn = SignedIn.SignedIn! with
            {
                Identity = SignedIn.SignedIn.Identity with { LastSignInAt = DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_690_000) },
            },
        },
        "impersonated" => SignedIn with
        {
            SignedIn = SignedIn.SignedIn! with
            {
                Identity = SignedIn.SignedIn.Identity with { ImpersonatedBy = UserKey.For(new byte[UserKey.MinSecretBytes], "shop", "grace").Value },
            },
        },
        "of-ticket" => Superseded with { TicketUser = SignedIn.SignedIn!.Identity.User },
        "elevated" => Superseded with { PrivilegeChanges = 300 },
        "rotated" => Rotated,
        "superseded" => Superseded,
        "locked" => Locked,
        "provisional" => Provisional,
        "ending" => Ending,
        "ending-by" => Ending with { Ending = Ending.Ending! with { Actor = "administrator:ada" } },
        "tombstone" => Tombstone,
        _ => new SessionState(),
    };

    private static string Golden(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Golden", $"session.state.{name}.b64");
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }
}
