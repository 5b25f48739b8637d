using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.StackExchangeRedis;
using OrleansSessions.Connectivity.Redis;
using StackExchange.Redis;

namespace OrleansSessions.WebFrontend.Keys;

/// <summary>
/// Data Protection key repository in Redis that accepts only one first key. Frontends that start together on an empty Redis each create a key. Without this rule, a
/// frontend that read the ring too early would reject the other frontends' forms until it reads the ring again, up to a day later.
/// </summary>
internal sealed class SharedKeyRepository(RedisConnection redis) : IXmlRepository
{
    private const string Key = "orleans-sessions:webfrontend:data-protection-keys";

    private readonly RedisXmlRepository _keys = new(() => GetDatabase(redis), Key);

    private volatile bool _foundNone;

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        IReadOnlyCollection<XElement> elements = _keys.GetAllElements();
        _foundNone = elements.Count == 0;
        return elements;
    }

    /// <summary>
    /// Stores an element. Drops a first key if another frontend was faster: Data Protection re-reads the ring after creating a key, and finds the other one.
    /// </summary>
    public void StoreElement(XElement element, string friendlyName)
    {
        if (!_foundNone)
        {
            _keys.StoreElement(element, friendlyName);
            return;
        }

        ITransaction transaction = GetDatabase(redis).CreateTransaction();
        transaction.AddCondition(Condition.KeyNotExists(Key));
        _ = transaction.ListRightPushAsync(Key, element.ToString(SaveOptions.DisableFormatting));
        transaction.Execute();
    }

    // Data Protection calls synchronously. This blocks only for the process' first connection.
    private static IDatabase GetDatabase(RedisConnection redis) => redis.GetMultiplexerAsync().GetAwaiter().GetResult().GetDatabase();
}
