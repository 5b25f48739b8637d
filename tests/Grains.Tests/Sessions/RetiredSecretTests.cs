using OrleansSessions.Contracts;
using OrleansSessions.Grains.State;
using OrleansSessions.Grains.Tests.Clusters;

namespace OrleansSessions.Grains.Tests.Sessions;

/// <summary>Secrets that a rotation has replaced: valid for their grace, and not after a privilege change.</summary>
[Collection(typeof(ClusterCollection))]
public sealed class RetiredSecretTests(ClusterFixture fixture) : SessionWithSecrets(fixture)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OldSecret_InItsGrace_ReadsAndCommitsAndIsToldThatItWasReplaced(bool restarted)
    {
        Guid incarnation = await CreateAsync();
        await RotateAsync(incarnation, _first, _second);
        _cluster.Clock.Advance(Secrets.Grace - TimeSpan.FromMilliseconds(1));
        if (restarted)
        {
            await _cluster.DeactivateAsync(_key);
        }

        foreach (Frontend frontend in _cluster.Frontends)
        {
            LoadResult loaded = await frontend.LoadAsync(_key, _first);
            Assert.Equal((LoadOutcome.Active, true), (loaded.Outcome, loaded.IsSecretReplaced));
            Assert.Equal(CommitOutcome.Applied, (await frontend.CommitAsync(_key, Commit.BasedOn(loaded.Snapshot!.Incarnation, SessionChange.Add("n", 1)))).Outcome);
        }

        Assert.Equal($"{_cluster.Frontends.Count}", (await _frontend.LoadAsync(_key, _second)).Snapshot!.Text("n"));
    }

    [Fact]
    public async Task Commit_OfARequestThatLoadedInTheGrace_IsAppliedAfterIt()
    {
        Guid incarnation = await CreateAsync();
        await RotateAsync(incarnation, _first, _second);
        LoadResult loaded = await _frontend.LoadAsync(_key, _first);
        _cluster.Clock.Advance(Secrets.Grace);

        Assert.Equal(CommitOutcome.Applied, (await _frontend.CommitAsync(_key, Commit.BasedOn(loaded.Snapshot!.Incarnation, Entries.Set("a", "2")))).Outcome);
    }

    [Fact]
    public async Task OldSecrets_OfTwoRotations_AreEachValidForTheirGrace()
    {
        Guid incarnation = await CreateAsync();
        await RotateAsync(incarnation, _first, _second);
        _cluster.Clock.Advance(Secrets.Grace / 2);
        await RotateAsync(incarnation, _second, _third);

        Assert.True((await _frontend.LoadAsync(_key, _first)).IsSecretReplaced);
        Assert.True((await _frontend.LoadAsync(_key, _second)).IsSecretReplaced);
        Assert.False((await _frontend.LoadAsync(_key, _third)).IsSecretReplaced);
    }

    /// <summary>
    /// Fixation: whoever planted the cookie must not read the session that its victim has signed in. The victim's own requests under way carry the same cookie, so this is no
    /// theft either. Nor may an older secret do what the replaced one may not.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OldSecrets_AfterAPrivilegeChange_OpenNothingAndAreReuseOnlyAfterTheirGrace(bool restarted)
    {
        Guid incarnation = await CreateAsync();
        await RotateAsync(incarnation, _first, _second);
        await _frontend.CommitAsync(_key, Secrets.Rotating(incarnation, _second, _third).AsPrivilegeChange());
        if (restarted)
        {
            await _cluster.DeactivateAsync(_key);
        }

        foreach (SecretHash old in (SecretHash[])[_first, _second])
        {
            Assert.Equal(LoadResult.RotatedAway, await _frontend.LoadAsync(_key, old));
            Assert.Equal(CommitOutcome.SecretRequired, (await _frontend.CommitAsync(_key, Secrets.Creating(old, Entries.Set("a", "2")))).Outcome);
        }

        Assert.Equal(["a=1"], (await _frontend.LoadAsync(_key, _third)).Snapshot!.Entries.Text());
        _cluster.Clock.Advance(Secrets.Grace);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _second)).Outcome);
        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, _third)).Outcome);
    }

    [Fact]
    public async Task OldSecret_OfARotationAfterAPrivilegeChange_IsValidForItsGrace()
    {
        Guid incarnation = await CreateAsync();
        await _frontend.CommitAsync(_key, Secrets.Rotating(incarnation, _first, _second).AsPrivilegeChange());
        await RotateAsync(incarnation, _second, _third);

        Assert.Equal(LoadOutcome.RotatedAway, (await _frontend.LoadAsync(_key, _first)).Outcome);
        Assert.True((await _frontend.LoadAsync(_key, _second)).IsSecretReplaced);
    }

    [Fact]
    public async Task Secrets_BeyondThoseThatAreRemembered_AreAsGoodAsNeverValid()
    {
        Guid incarnation = await CreateAsync();
        SecretHash[] secrets = [_first, .. Enumerable.Range(0, RetiredSecrets.Max + 1).Select(static _ => Secrets.New())];
        for (int i = 1; i < secrets.Length; i++)
        {
            await RotateAsync(incarnation, secrets[i - 1], secrets[i]);
        }

        Assert.Equal(LoadOutcome.None, (await _frontend.LoadAsync(_key, secrets[0])).Outcome);
        Assert.True((await _frontend.LoadAsync(_key, secrets[1])).IsSecretReplaced);
        Assert.Equal(RetiredSecrets.Max, (await _cluster.StoredAsync(_key))!.Retired!.Secrets.Length);
    }
}
