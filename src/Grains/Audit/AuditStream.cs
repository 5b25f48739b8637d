using System.Globalization;
using Microsoft.Extensions.Options;
using OrleansSessions.Contracts;
using OrleansSessions.Grains.Configuration;
using OrleansSessions.Grains.Storage;
using OrleansSessions.Grains.Telemetry;
using StackExchange.Redis;

namespace OrleansSessions.Grains.Audit;

/// <summary>Audit trail in a Redis stream of bounded length.</summary>
internal sealed class AuditStream(RedisCalls calls, IOptions<SessionClusterOptions> options)
{
    private const string Start = "0-0";
    private const string Failure = "The audit trail can't be reached: Redis did not answer, or refused the command.";

    private readonly SessionAuditOptions _options = options.Value.Audit;

    public bool IsKept => !string.IsNullOrEmpty(_options.Stream);

    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    public Task AppendAsync(AuditEvent line) => calls.RunAsync(
        StorageOperation.Audit,
        Failure,
        static (database, call) => database.StreamAddAsync(
            call._options.Stream, AuditLine.Write(call.line), maxLength: call._options.MaxLength, useApproximateMaxLength: true, flags: CommandFlags.DemandMaster),
        (_options, line));

    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    public Task<AuditPage> LatestAsync(int count) => ReadAsync(count, Start, Order.Descending);

    /// <exception cref="SessionUnavailableException">Redis can't be reached.</exception>
    public Task<AuditPage> AfterAsync(string cursor, int count) => ReadAsync(count, cursor, Order.Ascending);

    /// <summary>Whether a text is a place in a stream: <c>milliseconds-number</c>.</summary>
    public static bool IsPlace(string text) =>
        text.IndexOf('-', StringComparison.Ordinal) is > 0 and int dash
        && ulong.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && ulong.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private async Task<AuditPage> ReadAsync(int count, string cursor, Order order)
    {
        if (!IsKept)
        {
            return new AuditPage { IsKept = false, Cursor = cursor };
        }

        StreamEntry[] entries = await calls.RunAsync(
            StorageOperation.List,
            Failure,
            static (database, call) => database.StreamRangeAsync(
                call._options.Stream, call.order == Order.Ascending ? $"({call.cursor}" : "-", "+", call.count, call.order, CommandFlags.DemandMaster),
            (_options, cursor, count, order));
        if (order == Order.Descending)
        {
            Array.Reverse(entries);
        }

        return new AuditPage { IsKept = true, Events = [.. entries.Select(AuditLine.Read)], Cursor = entries.Length > 0 ? entries[^1].Id.ToString() : cursor };
    }
}
