using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace OrleansSessions.Resp.Commands.Scripts;

/// <summary>
/// The one script that the endpoint knows: delete a key if it has a value. Locks are released by it. It is recognised by its text, whatever its spacing and quotes.
/// </summary>
internal static class CompareAndDelete
{
    /// <summary>The SHA-1 of the script as phpredis sends it.</summary>
    public const string PhpRedisSha = "b70c2384248f88e6b75b9f89241a180f856ad852";

    private const int MaxScriptBytes = 1_024;

    private static readonly SearchValues<char> Ignored = SearchValues.Create(" \t\r\n;");

    private static readonly string[] Forms =
    [
        "ifredis.call('get',keys[1])==argv[1]thenreturnredis.call('del',keys[1])elsereturn0end",
        "ifredis.call('get',keys[1])==argv[1]thenreturnredis.call('unlink',keys[1])elsereturn0end",
        "ifredis.call('get',keys[1])==argv[1]thenreturnredis.call('del',keys[1])endreturn0",
    ];

    /// <summary>Whether a script is the one.</summary>
    public static bool IsMatch(ReadOnlySpan<byte> script)
    {
        if (script.Length > MaxScriptBytes)
        {
            return false;
        }

        StringBuilder text = new();
        foreach (char character in Encoding.Latin1.GetString(script))
        {
            if (!Ignored.Contains(character))
            {
                text.Append(character == '"' ? '\'' : char.ToLowerInvariant(character));
            }
        }

        return Forms.Contains(text.ToString());
    }

    /// <summary>The name of a script for EVALSHA.</summary>
#pragma warning disable CA5350 // Redis names scripts by their SHA-1; nothing is protected by it.
    public static string ShaOf(ReadOnlySpan<byte> script) => Convert.ToHexStringLower(SHA1.HashData(script));
#pragma warning restore CA5350
}
