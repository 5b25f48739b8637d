using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using OrleansSessions.Contracts;

namespace OrleansSessions.AspNetCore;

/// <summary>What a request sees after its own commit: what it loaded, with its changes. Other requests' changes show with the next load.</summary>
internal static class SessionView
{
    public static ImmutableArray<SessionEntry> After(ImmutableArray<SessionEntry> loaded, ImmutableArray<SessionChange> changes, CommitResult result)
    {
        ImmutableArray<SessionEntry>.Builder view = loaded.ToBuilder();
        int sum = 0;
        foreach (SessionChange change in changes)
        {
            int index = IndexOf(view, change.Name);
            switch (change.Kind)
            {
                case SessionChangeKind.Clear:
                    view.Clear();
                    break;
                case SessionChangeKind.Remove when index >= 0:
                    view.RemoveAt(index);
                    break;
                case SessionChangeKind.Set or SessionChangeKind.SetIfVersion:
                    Put(index, change.Name, change.Value ?? [], change.Format);
                    break;
                case SessionChangeKind.Add:
                    EntryFormat format = index < 0 ? EntryFormat.Json : view[index].Format;
                    Put(index, change.Name, Number(result.Numbers[sum++], format), format);
                    break;
            }
        }

        return view.DrainToImmutable();

        void Put(int index, string name, byte[] value, EntryFormat format)
        {
            var entry = new SessionEntry { Name = name, Value = value, Format = format, Version = result.Version };
            if (index < 0)
            {
                view.Add(entry);
            }
            else
            {
                view[index] = entry;
            }
        }
    }

    /// <summary>As the session's grain writes it: PHP's integers are <c>i:5;</c>.</summary>
    private static byte[] Number(long number, EntryFormat format)
    {
        string digits = number.ToString(CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes(format == EntryFormat.Php ? $"i:{digits};" : digits);
    }

    private static int IndexOf(ImmutableArray<SessionEntry>.Builder entries, string name)
    {
        for (int i = 0; i < entries.Count; i++)
        {
            if (string.Equals(entries[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
