using System.Globalization;
using OrleansSessions.Faults.Tests.Cluster;
using OrleansSessions.Faults.Tests.Histories;
using Action = OrleansSessions.Faults.Tests.Histories.Action;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>Plain key that Redis clients read and write until it is deleted, each over a connection to its own silo.</summary>
internal sealed class RedisKey(string name, int seed, Pace pace, IReadOnlyList<ServiceMember> silos, RequestLog log, TimeSpan life) : Subject(name, seed, pace), IDisposable
{
    private const string ExpirySeconds = "1200";

    private readonly RespClient[] _clients = [.. silos.Select(silo => new RespClient(silo, log))];
    private readonly string _key = SiloSettings.PlainPrefix + name + "-" + Guid.NewGuid().ToString("N");
    private int _value;
    private bool _isCreated;

    public override async Task UseAsync(CancellationToken stop)
    {
        while (!_isCreated)
        {
            if (stop.IsCancellationRequested)
            {
                return;
            }

            _isCreated = !IsReadOnly && await WriteAsync(_clients[0]) is { IsAcknowledged: true };
            await PauseAsync();
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] clients = [.. _clients.Select(client => UseAsync(client, end.Token))];
        await UntilAsync(life, stop);
        await end.CancelAsync();
        await Task.WhenAll(clients);

        // A write with an unknown outcome may still happen and recreate the key, so only read from now on.
        if (!stop.IsCancellationRequested && History.Operations.All(operation => operation.Action != Action.Write || operation.Seen is not null))
        {
            await DeleteAsync();
        }
    }

    public override async Task HauntAsync(CancellationToken stop)
    {
        while (_isCreated && !stop.IsCancellationRequested)
        {
            await Task.WhenAll(_clients.Select(client => ReadAsync(client)));
            await IdleAsync();
        }
    }

    public override async Task FinishAsync()
    {
        if (_isCreated)
        {
            foreach (RespClient client in _clients)
            {
                await ReadAsync(client, isFinal: true);
            }
        }
    }

    public void Dispose() => Array.ForEach(_clients, client => client.Dispose());

    private async Task UseAsync(RespClient client, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await (IsReadOnly || Next(100) < 70 ? ReadAsync(client) : WriteAsync(client));
            await PauseAsync();
        }
    }

    private Task<Operation> WriteAsync(RespClient client)
    {
        string value = Interlocked.Increment(ref _value).ToString(CultureInfo.InvariantCulture);
        return RunAsync(Action.Write, value, client, static reply => reply == "OK" ? Observation.Done : null, ["SETEX", _key, ExpirySeconds, value]);
    }

    private Task<Operation> ReadAsync(RespClient client, bool isFinal = false) => RunAsync(
        Action.Read, null, client, static reply => reply is null ? Observation.Gone : new Observation { Register = reply }, ["GET", _key], isFinal);

    private async Task DeleteAsync()
    {
        foreach (RespClient client in _clients)
        {
            Operation done = await RunAsync(Action.Delete, null, client, static reply => reply is "0" or "1" ? Observation.Done : null, ["DEL", _key]);
            if (done.IsAcknowledged)
            {
                return;
            }
        }
    }

    private async Task<Operation> RunAsync(Action action, string? value, RespClient client, Func<string?, Observation?> see, string[] command, bool isFinal = false)
    {
        Operation done = await client.RunAsync(new Operation { Action = action, Value = value, Invoked = 0, IsFinal = isFinal }, see, command);
        History.Add(done);
        return done;
    }
}
