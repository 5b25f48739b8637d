using System.Diagnostics;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Tests.Cluster;

namespace OrleansSessions.Resp.Tests.Linearizability;

/// <summary>Plain keys used by many clients at once, on both silos.</summary>
public sealed class ConcurrentPlainKeysTests(RespCluster cluster) : IClassFixture<RespCluster>
{
    private const int Rounds = 40;
    private const int Clients = 5;
    private const int Each = 10;

    private static readonly string[] Names = ["GET", "GET", "GET", "SET", "SET", "SETNX", "GETSET", "GETDEL", "DEL", "EXISTS", "APPEND", "INCR", "INCR"];

    [Fact]
    public async Task Commands_OfManyClients_HaveAnOrderThatExplainsEveryAnswer()
    {
        RespSocket[] sockets = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => RespSocket.ConnectAsync(cluster.Addresses[i % 2])));
        for (int round = 0; round < Rounds; round++)
        {
            string key = "plain:" + SessionToken.CreateWithoutSecret().Value;
            var random = new Random(round);
            string[][][] scripts = [.. Enumerable.Range(0, Clients).Select(client => Enumerable.Range(0, Each).Select(i => Command(random, client, i)).ToArray())];

            Operation[][] histories = await Task.WhenAll(sockets.Select((socket, client) => RunAsync(socket, key, scripts[client])));

            Operation[] history = [.. histories.SelectMany(static operations => operations)];
            Assert.True(Checker.IsLinearizable(history), $"Round {round}:\n{string.Join('\n', history.OrderBy(static operation => operation.Sent))}");
        }

        Array.ForEach(sockets, static socket => socket.Dispose());
    }

    private static string[] Command(Random random, int client, int number)
    {
        string name = Names[random.Next(Names.Length)];
        string value = random.Next(2) == 0 ? $"1{client}{number:00}" : $"{(char)('a' + client)}{number}";
        return name is "SET" or "SETNX" or "GETSET" or "APPEND" ? [name, value] : [name];
    }

    private static async Task<Operation[]> RunAsync(RespSocket socket, string key, string[][] commands)
    {
        var operations = new Operation[commands.Length];
        for (int i = 0; i < commands.Length; i++)
        {
            string[] command = commands[i];
            long sent = Stopwatch.GetTimestamp();
            RespAnswer answer = await socket.AskAsync([command[0], key, .. command[1..]]);
            operations[i] = new Operation(command, answer.Text, sent, Stopwatch.GetTimestamp());
        }

        return operations;
    }
}
