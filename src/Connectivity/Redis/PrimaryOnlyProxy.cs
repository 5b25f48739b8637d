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
    private Action<Task>? _sent;

    internal static T Create(T inner, Action<Task>? sent)
    {
        T proxy = Create<T, PrimaryOnlyProxy<T>>();
        ((PrimaryOnlyProxy<T>)(object)proxy)._inner = inner;
        ((PrimaryOnlyProxy<T>)(object)proxy)._sent = sent;
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
            // A command that can't even be sent.
            _sent?.Invoke(Task.FromException(cause));
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    private object? Wrap(object? result)
    {
        switch (result)
        {
            case Task command:
                _sent?.Invoke(command);
                return command;
            case ITransaction transaction:
                return PrimaryOnlyProxy<ITransaction>.Create(transaction, _sent);
            case IBatch batch:
                return PrimaryOnlyProxy<IBatch>.Create(batch, _sent);
            case IDatabase database:
                return PrimaryOnlyProxy<IDatabase>.Create(database, _sent);
            default:
                return result;
        }
    }
}
