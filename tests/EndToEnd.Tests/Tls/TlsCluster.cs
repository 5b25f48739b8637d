using OrleansSessions.EndToEnd.Tests.Processes;
using Xunit;

namespace OrleansSessions.EndToEnd.Tests.Tls;

/// <summary>Two silos and a frontend with mutual TLS among them and to Redis. Without redis-server it starts nothing, and its tests are skipped.</summary>
public sealed class TlsCluster : IAsyncLifetime
{
    private readonly List<TlsMember> _members = [];
    private RedisAccount? _redis;

    /// <summary>The default DNS name in every silo's certificate.</summary>
    public const string SiloName = "orleans-sessions-silo";

    /// <summary>The authority used by <see cref="Issue"/>.</summary>
    internal TestAuthority Authority { get; set; } = new("cluster");

    internal RedisAccount Redis
    {
        get
        {
            Tools.Require(Tools.RedisServer);
            return _redis!;
        }
    }

    internal IReadOnlyList<TlsMember> Members => _members;

    internal IReadOnlyList<TlsMember> Silos => [.. _members.Take(2)];

    internal TlsMember Frontend => _members[2];

    public async ValueTask InitializeAsync()
    {
        if (Tools.Has(Tools.RedisServer))
        {
            _redis = await RedisAccount.StartAsync();
            await Task.WhenAll(Add("silo-1"), Add("silo-2"), Add("frontend"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TlsMember member in Enumerable.Reverse(_members))
        {
            await member.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    /// <summary>Issues a new certificate for a member.</summary>
    internal TestCertificate Issue(string member) => Authority.Issue(member.StartsWith("silo", StringComparison.Ordinal) ? SiloName : member);

    /// <summary>Starts a member and waits until it is ready.</summary>
    internal async Task<TlsMember> Add(string name)
    {
        var certificates = new TestCertificateFolder(Issue(name), Authority);
        TlsMember member = TlsMember.Start(name, name.StartsWith("silo", StringComparison.Ordinal), certificates, Redis.Settings);
        _members.Add(member);
        await member.ReadyAsync();
        return member;
    }

    /// <summary>Stops a member gracefully.</summary>
    internal async Task RemoveAsync(TlsMember member)
    {
        _members.Remove(member);
        await using (member)
        {
            Assert.Equal(0, await member.StopAsync());
        }
    }

    /// <summary>Replaces every member's certificate and authorities, and waits until all use them.</summary>
    internal async Task ExchangeAsync(Func<TlsMember, TestCertificate> certificate, params TestAuthority[] authorities)
    {
        foreach (TlsMember member in _members)
        {
            member.Exchange(certificate(member), authorities);
        }

        await Task.WhenAll(_members.Select(member => member.ReloadedAsync()));
    }
}
