using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Metrics;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands;

/// <summary>Runner of commands: each gets a reply, even if it fails, and is counted.</summary>
internal sealed partial class CommandRunner(CommandDispatcher dispatcher, CommandTable table, RespMetrics metrics, ILogger<CommandRunner> logger)
{
    private static readonly Reply InternalError = Reply.Error("ERR internal error");

    public async ValueTask<Reply> RunAsync(RespClient client, RespCommand command)
    {
        long started = Stopwatch.GetTimestamp();
        RespCommandDefinition? definition = table.Find(command);
        string name = definition?.LowerName ?? RespMetrics.OtherCommand;

        // The protocol has no trace context, so each command starts its own trace, subject to sampling.
        using Activity? span = SessionTelemetry.Activities.HasListeners()
            ? SessionTelemetry.Activities.StartActivity($"RESP {name}", ActivityKind.Server, parentContext: default)
            : null;
        Reply reply;
        try
        {
            reply = await dispatcher.ExecuteAsync(client, command, definition);
        }
        catch (SessionUnavailableException exception)
        {
            reply = Reply.Error($"ERR {exception.Message}");
        }
        catch (OperationCanceledException) when (client.Aborted.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            // A failure must not affect more than its own command. Exception messages may quote keys and values, so log only types and stack.
            LogFailed(logger, name, Describe(exception));
            reply = InternalError;
        }

        bool failed = reply is ErrorReply;
        if (failed)
        {
            span?.SetStatus(ActivityStatusCode.Error);
        }

        metrics.CommandAnswered(name, failed, started);
        return reply;
    }

    private static string Describe(Exception exception)
    {
        StringBuilder text = new();
        for (Exception? current = exception; current is not null; current = current.InnerException)
        {
            text.Append(current.GetType().FullName).AppendLine().AppendLine(current.StackTrace);
        }

        return text.ToString();
    }

    [LoggerMessage(410, LogLevel.Error, "The command {Command} failed: {Failure}")]
    private static partial void LogFailed(ILogger logger, string command, string failure);
}
