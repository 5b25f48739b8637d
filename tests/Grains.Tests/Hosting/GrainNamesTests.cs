using System.Reflection;
using OrleansSessions.Grains.Expiry;
using OrleansSessions.Grains.Sessions;

namespace OrleansSessions.Grains.Tests.Hosting;

/// <summary>Names used in messages between silos of different versions, and in stored reminders.</summary>
public sealed class GrainNamesTests
{
    [Theory]
    [InlineData(typeof(SessionGrain), "session")]
    [InlineData(typeof(ExpiryShardGrain), "session-expiry-shard")]
    public void GrainType_OfAGrain_NeverChanges(Type grain, string name) =>
        Assert.Equal(name, grain.GetCustomAttribute<GrainTypeAttribute>()!.GetGrainType(null!, grain).ToString());

    [Theory]
    [InlineData(typeof(ISessionHandoverGrain), "session.handover", "adopt confirm has-moved settle")]
    [InlineData(typeof(IExpiryShardGrain), "session.expiry-shard", "start sweep")]
    public void Alias_OfAGrainAndItsMethods_NeverChanges(Type grain, string alias, string methods)
    {
        Assert.Equal(alias, grain.GetCustomAttribute<AliasAttribute>()!.Alias);
        Assert.Equal(methods, string.Join(' ', grain.GetMethods().Select(method => method.GetCustomAttribute<AliasAttribute>()?.Alias).Order(StringComparer.Ordinal)));
    }
}
