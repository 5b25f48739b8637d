using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace OrleansSessions.Contracts.Tests;

/// <summary>
/// Golden files of the bytes that clients and silos exchange. A frontend and a silo of different versions must understand each other during an upgrade:
/// give new members new ids, never change or reuse an old one, and keep every alias.
/// </summary>
public sealed class WireTypesTests
{
    private static readonly Guid Incarnation = new("11111111-2222-3333-4444-555555555555");
    private static readonly DateTimeOffset Time = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Serializer Serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>();

    private static readonly SessionSnapshot Snapshot = new()
    {
        Incarnation = Incarnation,
        Version = 7,
        Entries = [new() { Name = "cart", Value = [0, 1, 255], Format = EntryFormat.Php, Version = 3 }, new() { Name = "n", Value = "1"u8.ToArray() }],
        CreatedAt = Time,
        ExpiresAt = Time.AddMinutes(20),
        IdleTimeout = TimeSpan.FromMinutes(20),
        Silo = "silo-1",
        Shape = SessionShape.Php,
    };

    private static readonly SecretRotation Rotation = new()
    {
        From = SecretHash.Of("the first secret"),
        To = SecretHash.Of("the second secret"),
        Grace = TimeSpan.FromSeconds(10),
        EndOnReuse = true,
        IsPrivilegeChange = true,
    };

    private static readonly SessionIdentity Identity = new()
    {
        User = UserKey.For(new byte[UserKey.MinSecretBytes], "shop", "ada").Value,
        SignedInAt = Time.AddMinutes(-5),
        AuthenticatedAt = Time.AddMinutes(-6),
        LastSignInAt = Time.AddMinutes(-4),
        Method = "pwd",
        Tags = ["tenant:acme", "client:shop"],
    };

    private static readonly string Administrator = UserKey.For(new byte[UserKey.MinSecretBytes], "shop", "grace").Value;

    private static readonly SessionDevice Device = new() { UserAgent = "Mozilla/5.0", Address = "192.0.2.7", Label = "Ada's phone" };

    private static readonly SessionDescription SignedIn = new()
    {
        Incarnation = Incarnation,
        Version = 7,
        EntryCount = 2,
        Bytes = 9,
        CreatedAt = Time,
        ExpiresAt = Time.AddMinutes(20),
        Silo = "silo-1",
        Namespace = "shop",
        Identity = Identity,
        Device = Device,
        LastUsedAt = Time.AddMinutes(10),
    };

    private static readonly SessionSignIn SignIn = new()
    {
        User = Identity.User,
        AuthenticatedAt = Identity.AuthenticatedAt,
        Method = Identity.Method,
        Tags = Identity.Tags,
        Device = Device,
    };

    private static readonly AuditEvent AuditEvent = new()
    {
        Id = "1767225600000-1",
        Kind = AuditKind.Ended,
        At = Time,
        SessionKey = "key-1",
        Incarnation = Incarnation,
        User = "user-key",
        Reason = EndReason.EndedByAdministrator,
        Actor = "administrator:ada",
        Detail = "a detail",
        Silo = "silo-1",
    };

    private static readonly SiloStatistics SiloStatistics = new() { Silo = "silo-1", HasAnswered = true, InMemory = 5, Created = 9, Ended = 4, Commits = 40 };

    private static readonly Dictionary<string, object> Samples = new()
    {
        ["session.snapshot"] = Snapshot,
        ["session.load-result"] = new LoadResult { Outcome = LoadOutcome.Active, Snapshot = Snapshot },
        ["session.load-result.rotated"] = LoadResult.RotatedAway,
        ["session.load-result.replaced"] = new LoadResult { Outcome = LoadOutcome.Active, Snapshot = Snapshot, IsSecretReplaced = true },
        ["session.entry"] = Snapshot.Entries[0],
        ["session.commit"] = new SessionCommit
        {
            OperationId = new("aaaaaaaa-0000-0000-0000-000000000001"),
            BasedOn = Incarnation,
            Changes =
            [
                SessionChange.Set("a", [1, 2], EntryFormat.Bytes),
                SessionChange.Remove("b"),
                SessionChange.Clear(),
                SessionChange.Add("n", -5),
                SessionChange.SetIfVersion("c", [3], EntryFormat.Json, expectedVersion: 9),
                SessionChange.SetIdleTimeout(TimeSpan.FromMinutes(5)),
                SessionChange.SetShape(SessionShape.Hash),
            ],
            NewSession = new() { IdleTimeout = TimeSpan.FromMinutes(7), AbsoluteLifetime = TimeSpan.FromHours(8) },
            Age = TimeSpan.FromSeconds(3),
            BasedOnVersion = 7,
            Namespace = "shop",
            UnlessEnded = true,
            Settled = [new("bbbbbbbb-0000-0000-0000-000000000001")],
            Deadline = Time.AddSeconds(10),
            Rotation = Rotation,
        },
        ["session.commit.creating"] = new SessionCommit
        {
            OperationId = new("aaaaaaaa-0000-0000-0000-000000000004"),
            Changes = [SessionChange.Set("a", [1, 2], EntryFormat.Bytes)],
            Secret = SecretHash.Of("the first secret"),
        },
        ["session.commit.signing-in"] = new SessionCommit
        {
            OperationId = new("aaaaaaaa-0000-0000-0000-000000000005"),
            BasedOn = Incarnation,
            Changes = [],
            SignIn = SignIn,
        },
        ["session.commit.of-ticket"] = new SessionCommit
        {
            OperationId = new("aaaaaaaa-0000-0000-0000-000000000006"),
            BasedOn = Incarnation,
            Changes = [],
            TicketUser = Identity.User,
        },
        ["session.commit-result.signed-in"] = new CommitResult { Outcome = CommitOutcome.Applied, Version = 8, Incarnation = Incarnation, Identity = Identity },
        ["session.snapshot.signed-in"] = Snapshot with { Identity = Identity },
        ["session.snapshot.of-ticket"] = Snapshot with { TicketUser = Identity.User },
        ["session.snapshot.elevated"] = Snapshot with { PrivilegeChanges = 3 },
        ["session.description.elevated"] = SignedIn with { PrivilegeChanges = 3 },
        ["session.description.signed-in"] = SignedIn,
        ["session.identity"] = Identity,
        ["session.identity.impersonated"] = Identity with { ImpersonatedBy = Administrator },
        ["session.sign-in.impersonated"] = SignIn with { ImpersonatedBy = Administrator, ImpersonatedFrom = "key-1" },
        ["session.audit-event.impersonated"] = AuditEvent with { Kind = AuditKind.Impersonated, ImpersonatedBy = Administrator },
        ["session.device"] = Device,
        ["session.sign-in"] = SignIn,
        ["session.of-user"] = new UserSession("key-1", SignedIn),
        ["session.user-page"] = new UserSessionPage { Cursor = 41, Sessions = [new("key-1", SignedIn)] },
        ["session.secret-hash"] = SecretHash.Of("the first secret"),
        ["session.secret-rotation"] = Rotation,
        ["session.operation"] = new SessionOperation(new("aaaaaaaa-0000-0000-0000-000000000003"), Time.AddSeconds(10)),
        ["session.operation.by"] = new SessionOperation(new("aaaaaaaa-0000-0000-0000-000000000003"), Time.AddSeconds(10)) { Actor = "administrator:ada" },
        ["session.audit-event"] = AuditEvent,
        ["session.audit-page"] = new AuditPage { IsKept = true, Events = [AuditEvent], Cursor = "1767225600000-1" },
        ["session.audit-kind"] = AuditKind.Ended,
        ["session.silo-statistics"] = SiloStatistics,
        ["session.statistics"] = new SessionStatistics { At = Time, Stored = 12, Silos = [SiloStatistics] },
        ["session.change"] = SessionChange.SetIfVersion("c", [3], EntryFormat.Json, expectedVersion: 9),
        ["session.lifetime"] = new SessionLifetime { IdleTimeout = TimeSpan.FromMinutes(7), AbsoluteLifetime = TimeSpan.FromHours(8) },
        ["session.commit-result"] = new CommitResult
        {
            Outcome = CommitOutcome.Applied,
            Version = 8,
            Incarnation = Incarnation,
            Numbers = [1, -2],
            ExpiresAt = Time.AddMinutes(20),
            CreatedAt = Time,
            Silo = "silo-1",
        },
        ["session.commit-result.refused"] = new CommitResult
        {
            Outcome = CommitOutcome.LimitExceeded,
            Violation = new("number of entries", 1_000, 1_001),
            EntryName = "cart",
        },
        ["session.limit-violation"] = new LimitViolation("number of entries", 1_000, 1_001),
        ["session.description"] = new SessionDescription
        {
            Incarnation = Incarnation,
            Version = 7,
            EntryCount = 2,
            Bytes = 9,
            CreatedAt = Time,
            ExpiresAt = Time.AddMinutes(20),
            Silo = "silo-1",
            Namespace = "shop",
        },
        ["session.lock-request"] = new SessionLockRequest
        {
            OperationId = new("aaaaaaaa-0000-0000-0000-000000000002"),
            Owner = [7, 8],
            Lease = TimeSpan.FromSeconds(30),
            Wait = TimeSpan.FromMilliseconds(50),
        },
        ["session.lock-state"] = new SessionLock { Owner = [7, 8], ExpiresAt = Time, OperationId = new("aaaaaaaa-0000-0000-0000-000000000002") },
        ["session.list-page"] = new SessionListPage { Cursor = 65, Keys = ["key-1", "key-2"] },
        ["session.commit-outcome"] = CommitOutcome.TooManySessions,
        ["session.change-kind"] = SessionChangeKind.SetShape,
        ["session.shape"] = SessionShape.Hash,
        ["session.load-outcome"] = LoadOutcome.RotatedAway,
        ["session.format"] = EntryFormat.Json,
        ["session.end-reason"] = EndReason.EndedByAdministrator,
    };

    public static TheoryData<string> Names => [.. Samples.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_Sent_HasTheBytesOfTheGoldenFile(string name)
    {
        // As an object, so that the bytes include the alias.
        string sent = Convert.ToBase64String(Serializer.SerializeToArray(Samples[name]));

        Assert.True(sent == Golden(name), $"Golden/{name}.b64 has other bytes than are sent now:\n{sent}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_ReadFromTheGoldenFile_IsWhatWasSent(string name) =>
        Assert.Equivalent(Samples[name], Serializer.Deserialize<object>(Convert.FromBase64String(Golden(name))), strict: true);

    [Fact]
    public void Messages_OfThisLibrary_HaveEachAGoldenFile()
    {
        string[] aliases = [.. typeof(ISessionGrain).Assembly.GetExportedTypes()
            .Where(type => type.IsDefined(typeof(GenerateSerializerAttribute)) && !typeof(Exception).IsAssignableFrom(type))
            .Select(type => type.GetCustomAttribute<AliasAttribute>()!.Alias)];

        Assert.NotEmpty(aliases);
        Assert.Empty(aliases.Except(Samples.Keys));
    }

    [Fact]
    public void Exception_Sent_KeepsItsTypeMessageAndCause()
    {
        var sent = new SessionUnavailableException("Redis is away.", new TimeoutException("2 s"));

        var received = Serializer.Deserialize<Exception>(Serializer.SerializeToArray<Exception>(sent));

        Assert.IsType<SessionUnavailableException>(received);
        Assert.Equal("Redis is away.", received.Message);
        Assert.IsType<TimeoutException>(received.InnerException);
    }

    /// <summary>A method without an alias is named after its signature, so its parameters could never change.</summary>
    [Fact]
    public void SessionGrain_EveryMethod_HasItsAliasForEver()
    {
        Dictionary<string, string?> aliases = typeof(ISessionGrain).GetMethods().ToDictionary(method => method.Name, method => method.GetCustomAttribute<AliasAttribute>()?.Alias);

        Assert.Equal("session", typeof(ISessionGrain).GetCustomAttribute<AliasAttribute>()!.Alias);
        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["LoadAsync"] = "load",
                ["CommitAsync"] = "commit",
                ["HoldAsync"] = "hold",
                ["LetGoAsync"] = "let-go",
                ["RefreshAsync"] = "refresh",
                ["DestroyAsync"] = "destroy",
                ["DestroyUnchangedAsync"] = "destroy-unchanged",
                ["RotateAsync"] = "rotate",
                ["DescribeAsync"] = "describe",
                ["ExpireIfDueAsync"] = "expire-if-due",
            },
            aliases);
    }

    [Theory]
    [InlineData(typeof(ISessionGrain))]
    [InlineData(typeof(ISessionLockGrain))]
    [InlineData(typeof(ISessionListGrain))]
    [InlineData(typeof(IUserSessionsGrain))]
    public void Grain_EveryMethod_IsCalledByAnAlias(Type grain)
    {
        Assert.NotNull(grain.GetCustomAttribute<AliasAttribute>());
        Assert.All(grain.GetMethods(), method => Assert.NotNull(method.GetCustomAttribute<AliasAttribute>()));
    }

    private static string Golden(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Golden", name + ".b64");
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }
}
