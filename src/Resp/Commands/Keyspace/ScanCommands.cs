using System.Text;
using OrleansSessions.Contracts;
using OrleansSessions.Resp.Keys;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands.Keyspace;

/// <summary>
/// Commands that list the sessions under the configured prefixes, for administrators. Tokens are not stored, so sessions are listed under handles, which every
/// command accepts as keys. A listing reads all sessions of the cluster, page by page.
/// </summary>
internal sealed class ScanCommands(IGrainFactory grains, KeyMap keys) : ICommandGroup
{
    private const int DefaultCount = 10;

    /// <summary>KEYS returns everything at once, so the number of pages is limited.</summary>
    private const int MaxKeysPages = 100;

    private static readonly Reply InvalidCursor = Reply.Error("ERR invalid cursor");
    private static readonly Reply TooMany = Reply.Error(
        $"ERR KEYS stopped at its limit of {MaxKeysPages * ISessionListGrain.MaxPage} sessions; use SCAN");

    private static readonly Reply TooManyToCount = Reply.Error(
        $"ERR DBSIZE stopped at its limit of {MaxKeysPages * ISessionListGrain.MaxPage} sessions; use the metric orleans_sessions.sessions.active");

    private static readonly Reply PatternTooLong = Reply.Error($"ERR the pattern has more than {GlobPattern.MaxBytes} bytes, the session cluster's limit");

    public IEnumerable<RespCommandDefinition> Commands =>
    [
        new("SCAN", -2, CommandFlags.ReadOnly, ScanAsync),
        new("KEYS", 2, CommandFlags.ReadOnly, KeysAsync),
        new("DBSIZE", 1, CommandFlags.ReadOnly, CountAsync),
    ];

    private async ValueTask<Reply> ScanAsync(RespContext context)
    {
        RespCommand command = context.Command;
        if (!CanonicalInteger.TryParse(command[0].Span, out long cursor) || cursor < 0)
        {
            return InvalidCursor;
        }

        ReadOnlyMemory<byte> pattern = "*"u8.ToArray();
        long count = DefaultCount;
        bool anyType = true;
        for (int i = 1; i < command.Count; i += 2)
        {
            string option = command.Keyword(i);
            if (i + 1 == command.Count || option is not ("MATCH" or "COUNT" or "TYPE"))
            {
                return Reply.SyntaxError;
            }

            switch (option)
            {
                case "MATCH" when command[i + 1].Length > GlobPattern.MaxBytes:
                    return PatternTooLong;
                case "MATCH":
                    pattern = command[i + 1];
                    break;
                case "COUNT" when !CanonicalInteger.TryParse(command[i + 1].Span, out count):
                    return Reply.NotAnInteger;
                case "COUNT" when count < 1:
                    return Reply.SyntaxError;
                case "TYPE":
                    anyType &= command.Keyword(i + 1) is "STRING" or "HASH";
                    break;
            }
        }

        (long next, List<Reply> found) = anyType
            ? await ListAsync(pattern, context.Client.Database, cursor, (int)Math.Min(count, ISessionListGrain.MaxPage))
            : (0, []);
        return Reply.Array(Reply.Bulk($"{next}"), Reply.Array(found));
    }

    private async ValueTask<Reply> KeysAsync(RespContext context)
    {
        if (context.Command[0].Length > GlobPattern.MaxBytes)
        {
            return PatternTooLong;
        }

        List<Reply> all = [];
        long cursor = 0;
        for (int page = 0; page < MaxKeysPages; page++)
        {
            (cursor, List<Reply> found) = await ListAsync(context.Command[0], context.Client.Database, cursor, ISessionListGrain.MaxPage);
            all.AddRange(found);
            if (cursor == 0)
            {
                return Reply.Array(all);
            }
        }

        return TooMany;
    }

    private async ValueTask<Reply> CountAsync(RespContext context)
    {
        HashSet<string> sessions = [];
        int pages = 0;
        foreach (string prefix in keys.Prefixes)
        {
            long cursor = 0;
            do
            {
                if (pages++ == MaxKeysPages)
                {
                    return TooManyToCount;
                }

                SessionListPage page = await ListAsync(prefix, context.Client.Database, cursor, ISessionListGrain.MaxPage);
                sessions.UnionWith(page.Keys);
                cursor = page.Cursor;
            }
            while (cursor != 0);
        }

        return Reply.Integer(sessions.Count);
    }

    private ValueTask<SessionListPage> ListAsync(string prefix, int database, long cursor, int count) =>
        grains.GetGrain<ISessionListGrain>(0).ListAsync(KeyMap.NamespaceOf(prefix, database), cursor, count);

    /// <summary>The cursor contains the prefix, and the cursor of the prefix's own listing.</summary>
    private async ValueTask<(long Cursor, List<Reply> Found)> ListAsync(ReadOnlyMemory<byte> pattern, int database, long cursor, int count)
    {
        int prefixes = keys.Prefixes.Count;
        if (prefixes == 0)
        {
            return (0, []);
        }

        int index = (int)(cursor % prefixes);
        string prefix = keys.Prefixes[index];
        SessionListPage page = await ListAsync(prefix, database, cursor / prefixes, count);
        List<Reply> found = [];
        foreach (string key in page.Keys)
        {
            // Match against the handle without its mark too: clients search for their prefix, and pass back what they get.
            string handle = KeyMap.HandleOf(prefix, key);
            if (GlobPattern.Matches(pattern.Span, Encoding.UTF8.GetBytes(prefix + key)) || GlobPattern.Matches(pattern.Span, Encoding.UTF8.GetBytes(handle)))
            {
                found.Add(Reply.Bulk(handle));
            }
        }

        return (page.Cursor > 0 ? (page.Cursor * prefixes) + index : index + 1 < prefixes ? index + 1 : 0, found);
    }
}
