using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.StackExchangeRedis;
using OrleansSessions.Connectivity.Redis;
using StackExchange.Redis;

namespace OrleansSessions.WebFrontend.Keys;

/// <summary>
/// Keeps the Data Protection keys in Redis, and takes only one first key. Frontends that start together on an empty Redis make a key each;
/// one that had read the ring before the others wrote theirs would refuse their forms until its next reading, up to a day later.
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
    /// Stores an element. A first key that another frontend was quicker with is dropped: Data Protection reads the ring again after it has made
    /// a key, and finds the other one.
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

    // Data Protection asks synchronously. It waits here at most for the first connection of the process.
    private static IDatabase GetDatabase(RedisConnection redis) => redis.GetMultiplexerAsync().GetAwaiter().GetResult().GetDatabase();
}
