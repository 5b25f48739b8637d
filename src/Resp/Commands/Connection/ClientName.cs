using System.Text;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Resp.Commands.Connection;

/// <summary>The name that a client gives its connection: printable ASCII without spaces, or nothing.</summary>
internal static class ClientName
{
    /// <summary>Redis has no bound; CLIENT LIST is not the place for more.</summary>
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
