using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Storage;

/// <summary>
/// The connection that Orleans' Redis storage is given. It sends commands to the primary only, notes each in the <see cref="SentCommand"/> that waits for it, and
/// calls scripts by their hash: for a text, StackExchange.Redis looks up its hash and waits in one more asynchronous method, at each call.
/// </summary>
/// <remarks>Knows the storage's three calls: passing on any call takes reflection, at each write. Not sealed, because the runtime derives from it.</remarks>
internal class ProviderConnection : DispatchProxy
{
    private static readonly MethodInfo GetDatabase = typeof(IConnectionMultiplexer).GetMethod(nameof(IConnectionMultiplexer.GetDatabase))!;
    private static readonly MethodInfo HashGetAll = typeof(IDatabaseAsync).GetMethod(nameof(IDatabaseAsync.HashGetAllAsync))!;
    private static readonly MethodInfo ScriptEvaluate = typeof(IDatabaseAsync).GetMethod(
        nameof(IDatabaseAsync.ScriptEvaluateAsync), [typeof(string), typeof(RedisKey[]), typeof(RedisValue[]), typeof(CommandFlags)])!;

    /// <summary>Found by reference, as the storage's scripts are constants.</summary>
    private static readonly ConcurrentDictionary<string, byte[]> ScriptHashes = new(ReferenceEqualityComparer.Instance);

    private IDatabase _database = null!;

    public static IConnectionMultiplexer Of(IConnectionMultiplexer multiplexer) => Create<IConnectionMultiplexer>(multiplexer.GetDatabase());

    /// <exception cref="NotSupportedException">The storage makes a call that it did not make when this was written.</exception>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod == GetDatabase)
        {
            return Create<IDatabase>(_database);
        }

        SentCommand? sent = SentCommand.TakeWatching();
        try
        {
            Task command = targetMethod == ScriptEvaluate ? EvaluateAsync((string)args![0]!, (RedisKey[]?)args[1], (RedisValue[]?)args[2], sent)
                : targetMethod == HashGetAll ? _database.HashGetAllAsync((RedisKey)args![0]!, CommandFlags.DemandMaster)
                : throw new NotSupportedException($"Orleans' Redis storage calls {targetMethod?.Name}, which {nameof(ProviderConnection)} does not know.");
            sent?.Note(command);
            return command;
        }
        catch (Exception exception)
        {
            // A command that can't even be sent.
            sent?.Note(Task.FromException(exception));
            throw;
        }
    }

    private static T Create<T>(IDatabase database)
        where T : class
    {
        T proxy = Create<T, ProviderConnection>();
        ((ProviderConnection)(object)proxy)._database = database;
        return proxy;
    }

    private Task<RedisResult> EvaluateAsync(string script, RedisKey[]? keys, RedisValue[]? values, SentCommand? sent) => sent is { HasScriptText: true }
        ? _database.ScriptEvaluateAsync(script, keys, values, CommandFlags.DemandMaster)
        : _database.ScriptEvaluateAsync(ScriptHashes.GetOrAdd(script, Hash), keys, values, CommandFlags.DemandMaster);

    /// <summary>Redis calls a script by the SHA-1 of its text. Nothing is kept secret by it.</summary>
#pragma warning disable CA5350 // Redis' choice.
    private static byte[] Hash(string script) => SHA1.HashData(Encoding.UTF8.GetBytes(script));
#pragma warning restore CA5350
}
