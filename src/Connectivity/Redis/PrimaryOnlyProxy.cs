using System.ComponentModel;
using System.Reflection;
using System.Runtime.ExceptionServices;
using StackExchange.Redis;

namespace OrleansSessions.Connectivity.Redis;

/// <summary>Proxy behind <see cref="PrimaryOnly"/>. Public only because the runtime derives from it.</summary>
/// <typeparam name="T">An interface of StackExchange.Redis.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public class PrimaryOnlyProxy<T> : DispatchProxy
    where T : class
{
    private const CommandFlags Preferences = CommandFlags.DemandMaster | CommandFlags.PreferReplica | CommandFlags.DemandReplica;

    private T _inner = null!;

    internal static T Create(T inner)
    {
        T proxy = Create<T, PrimaryOnlyProxy<T>>();
        ((PrimaryOnlyProxy<T>)(object)proxy)._inner = inner;
        return proxy;
    }

    /// <inheritdoc />
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(targetMethod);
        for (int i = 0; i < args?.Length; i++)
        {
            if (args[i] is CommandFlags flags)
            {
                args[i] = (flags & ~Preferences) | CommandFlags.DemandMaster;
            }
        }

        try
        {
            return Wrap(targetMethod.Invoke(_inner, args));
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    private static object? Wrap(object? result) => result switch
    {
        ITransaction transaction => PrimaryOnlyProxy<ITransaction>.Create(transaction),
        IBatch batch => PrimaryOnlyProxy<IBatch>.Create(batch),
        IDatabase database => PrimaryOnlyProxy<IDatabase>.Create(database),
        _ => result,
    };
}
