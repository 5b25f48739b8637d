using System.Diagnostics;
using OrleansSessions.Faults.Tests.Cluster;
using OrleansSessions.Faults.Tests.Histories;

namespace OrleansSessions.Faults.Tests.Workloads;

/// <summary>Redis client of one silo.</summary>
internal sealed class RespClient(ServiceMember silo, RequestLog log) : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly RespConnection _connection = new(silo.Resp, log);

    /// <summary>Sends a command, and completes the operation from the reply. An error reply, like no reply, leaves the outcome unknown.</summary>
    public async Task<Operation> RunAsync(Operation operation, Func<string?, Observation?> see, IReadOnlyList<string> command)
    {
        operation = operation with { Invoked = Stopwatch.GetTimestamp(), Route = $"client > {silo.Name}" };
        try
        {
            string? reply = await _connection.AskAsync(command);
            Observation? seen = reply?.StartsWith('-') == true ? null : see(reply);
            return operation with { Completed = seen is null ? Operation.Never : Stopwatch.GetTimestamp(), Seen = seen, Failure = reply };
        }
        catch (IOException failure)
        {
            await Task.Delay(RetryDelay);
            return operation with { Failure = failure.Message };
        }
    }

    public void Dispose() => _connection.Dispose();
}
