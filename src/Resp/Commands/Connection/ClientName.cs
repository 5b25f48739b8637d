using System.Text;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands.Connection;

/// <summary>Validation of a connection's name: printable ASCII without spaces, or empty.</summary>
internal static class ClientName
{
    /// <summary>Redis has no limit; this one is enough for CLIENT LIST.</summary>
    public const int MaxBytes = 1024;

    public static readonly Reply Invalid = Reply.Error("ERR Client names cannot contain spaces, newlines or special characters.");

    public static bool IsValid(ReadOnlySpan<byte> name) => name.Length <= MaxBytes && !name.ContainsAnyExceptInRange((byte)'!', (byte)'~');

    public static bool TrySet(RespClient client, ReadOnlySpan<byte> name)
    {
        if (!IsValid(name))
        {
            return false;
        }

        client.Name = Encoding.ASCII.GetString(name);
        return true;
    }
}
