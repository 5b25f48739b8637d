using OrleansSessions.Contracts;
using OrleansSessions.Grains.Tests.Clusters;
using OrleansSessions.Grains.Tests.Storage;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>Rotations that replace a session's secret in place.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class SecretRotationTests(ClusterFixture fixture) : SessionWithSecrets(fixture)
{
    [Fact]
    public async Task Rotation_WithOtherChanges_IsOneWrite()
    {
        Guid incarnation = await CreateAsync();
        int writes = _cluster.Faults.Count(_key, StorageOperation.Write);

        CommitResult rotated = await _frontend.CommitAsync(_key, Secrets.Rotating(incarnation, _first, _second, Entries.Set("user", "ada")));

        Assert.Equal((CommitOutcome.Applied, 2L, incarnation), (rotated.Outcome, rotated.Version, rotated.Incarnation));
        Assert.Equal(writes + 1, _cluster.Faults.Count(_key, StorageOperation.Write));
        await _cluster.DeactivateAsync(_key);
        LoadResult loaded = await _frontend.LoadAsync(_key, _second);
        Assert.Equal(["a=1", "user=ada"], loaded.Snapshot!.Entries.Text());
        Assert.False(loaded.IsSecretReplaced);
    }

    /// <summary>Whoever watches the session tells by it that the session is another one's now.</summary>
    [Fact]
    public async Task PrivilegeChange_WithoutAUser_IsCounted()
    {
        Guid incarnation = await CreateAsync();
        await _frontend.CommitAsync(_key, Secrets.Rotating(incarnation, _first, _second));
        Assert.Equal(0, (await _frontend.DescribeAsync(_key))!.PrivilegeChanges);

        await _frontend.CommitAsync(_key, Secrets.Rotating(incarnation, _second, _third).AsPrivilegeChange());

        await _cluster.DeactivateAsync(_key);
        Assert.Equal(1, (await _frontend.DescribeAsync(_key))!.PrivilegeChanges);
        Assert.Equal(1, (await _frontend.LoadAsync(_key, _third)).Snapshot!.PrivilegeChanges);
    }

    /// <summary>An attacker who planted the first cookie must not get the next one, and a sign-in that is not alone with its cookie must not happen.</summary>
    [Fact]
    public async Task Rotations_OfTheSameSecret_AreOneAndTheLosersChangesAreNotStored()
    {
        Guid incarnation = await CreateAsync();
        SecretHash[] secrets = [.. Enumerable.Range(0, 6).Select(static _ => Secrets.New())];
        IReadOnlyList<Frontend> frontends = _cluster.Frontends;

        CommitResult[] results = await Task.WhenAll(secrets.Select((to, i) => frontends[i % frontends.Count].CommitAsync(
            _key, Secrets.Rotating(incarnation, _first, to, Entries.Set($"user-{i}", "ada")))));

        int winner = Array.FindIndex(results, static result => result.Outcome == CommitOutcome.Applied);
        Assert.Equal(secrets.Length - 1, results.Count(static result => result.Outcome == CommitOutcome.SecretReplaced));
        Assert.Equal(["a=1", $"user-{winner}=ada"], (await _frontend.LoadAsync(_key, secrets[winner])).Snapshot!.Entries.Text());
    }

    [Fact]
    public async Task Rotation_FromASecretInItsGrace_IsRefused()
    {
        Guid incarnation = await CreateAsync();
        await RotateAsync(incarnation, _first, _second);

        CommitResult late = await _frontend.CommitAsync(_key, Secrets.Rotating(incarnation, _first, _third, Entries.Set("user", "ada")));

        Assert.Equal(CommitOutcome.SecretReplaced, late.Outcome);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _third)).Outcome);
        Assert.Equal(["a=1"], (await _frontend.LoadAsync(_key, _second)).Snapshot!.Entries.Text());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rotation_Repeated_IsTheSameRotation(bool restarted)
    {
        Guid incarnation = await CreateAsync();
        SessionCommit rotation = Secrets.Rotating(incarnation, _first, _second, SessionChange.Add("n", 1));
        await _frontend.CommitAsync(_key, rotation);
        if (restarted)
        {
            await _cluster.DeactivateAsync(_key);
        }

        CommitResult repeated = await _cluster.Frontends[1].CommitAsync(_key, rotation with { Age = TimeSpan.FromSeconds(1) });

        Assert.Equal((CommitOutcome.Applied, 2L), (repeated.Outcome, repeated.Version));
        Assert.Equal([1], repeated.Numbers);
        Assert.Single((await _cluster.StoredAsync(_key))!.Retired!.Secrets);
    }

    [Fact]
    public async Task Rotation_RepeatedAfterTheNextOne_ChangesNothingMore()
    {
        Guid incarnation = await CreateAsync();
        SessionCommit rotation = Secrets.Rotating(incarnation, _first, _second);
        await _frontend.CommitAsync(_key, rotation);
        await RotateAsync(incarnation, _second, _third);

        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_key, rotation)).Outcome);

        Assert.False((await _frontend.LoadAsync(_key, _third)).IsSecretReplaced);
    }

    [Fact]
    public async Task Rotation_AfterItsDeadline_IsNotMade()
    {
        Guid incarnation = await CreateAsync();
        SessionCommit rotation = Secrets.Rotating(incarnation, _first, _second) with { Deadline = _cluster.Clock.GetUtcNow() + TimeSpan.FromSeconds(10) };
        _cluster.Clock.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(CommitOutcome.Unknown, (await _frontend.CommitAsync(_key, rotation)).Outcome);

        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _second)).Outcome);
        Assert.False((await _frontend.LoadAsync(_key, _first)).IsSecretReplaced);
    }

    [Fact]
    public async Task Rotation_WhileTheSessionIsBeingStored_IsStoredWithTheOthersByOneWrite()
    {
        Guid incarnation = await CreateAsync();
        HeldWrite held = _cluster.Faults.HoldNextWrite(_key);
        Task<CommitResult> first = _frontend.CommitAsync(_key, Commit.BasedOn(incarnation, SessionChange.Add("n", 1)));
        await held.Arrived;
        SessionCommit[] commits =
        [
            Commit.BasedOn(incarnation, SessionChange.Add("n", 1)),
            Secrets.Rotating(incarnation, _first, _second, SessionChange.Add("n", 1)),
            Commit.BasedOn(incarnation, SessionChange.Add("n", 1)),
        ];
        List<Task<CommitResult>> waiting = [];
        foreach (SessionCommit commit in commits)
        {
            waiting.Add(_frontend.CommitAsync(_key, commit));
            await _cluster.Arrived.WaitForAsync(commit.OperationId);
        }

        int writes = _cluster.Faults.Count(_key, StorageOperation.Write);
        held.Release();
        CommitResult[] results = [await first, .. await Task.WhenAll(waiting)];

        Assert.All(results, static result => Assert.Equal(CommitOutcome.Applied, result.Outcome));
        Assert.Equal(writes + 1, _cluster.Faults.Count(_key, StorageOperation.Write));
        Assert.Equal("4", (await _frontend.LoadAsync(_key, _second)).Snapshot!.Text("n"));
    }

    [Fact]
    public async Task Rotation_OfAnEndedSession_IsGone()
    {
        Guid incarnation = await CreateAsync();
        await _frontend.DestroyAsync(_key, incarnation);

        Assert.Equal(CommitOutcome.Gone, (await _frontend.CommitAsync(_key, Secrets.Rotating(incarnation, _first, _second))).Outcome);
    }

    [Fact]
    public async Task Rotation_ThatIsNotWhole_IsRefused()
    {
        Guid incarnation = await CreateAsync();
        SessionCommit rotation = Secrets.Rotating(incarnation, _first, _second);
        SessionCommit[] broken =
        [
            rotation with { BasedOn = null },
            Secrets.Rotating(incarnation, _first, default),
            Secrets.Rotating(incarnation, _first, _first),
            rotation.WithGrace(TimeSpan.FromSeconds(-1)),
            rotation.WithGrace(TimeSpan.FromSeconds(61)),
        ];

        foreach (SessionCommit commit in broken)
        {
            await Assert.ThrowsAsync<ArgumentException>(() => _frontend.CommitAsync(_key, commit));
        }

        Assert.Equal(1, (await _frontend.LoadAsync(_key, _first)).Snapshot!.Version);
    }

    /// <summary>A session without a secret, as of PHP or of an older version, gets one when it is moved to the key of a token that has one.</summary>
    [Fact]
    public async Task Move_ToTheKeyOfATokenWithASecret_GivesTheSessionThatSecret()
    {
        string newKey = SessionTestCluster.NewKey();
        Guid incarnation = (await _frontend.ApplyAsync(_key, Entries.Set("a", "1"))).Incarnation;

        Assert.True(await _frontend.RotateAsync(_key, newKey, incarnation, secret: _first));

        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(newKey)).Outcome);
        Assert.Equal(["a=1"], (await _frontend.LoadAsync(newKey, _first)).Snapshot!.Entries.Text());
    }
}
