using System.Buffers;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace OrleansSessions.Resp.Commands.Scripts;

/// <summary>
/// Scripts with which clients release and extend locks. They are recognised by their text, regardless of spacing, quotes, case and semicolons; none is run.
/// </summary>
internal static class KnownScripts
{
    /// <summary>SHA-1 of phpredis' script for releasing locks.</summary>
    public const string PhpRedisSha = "b70c2384248f88e6b75b9f89241a180f856ad852";

    private const int MaxScriptBytes = 2_048;

    private static readonly SearchValues<char> Ignored = SearchValues.Create(" \t\r\n;");

    private static readonly FrozenDictionary<string, LockScript> Forms = new Dictionary<string, LockScript>
    {
        // phpredis, Laravel, Redlock and most others.
        ["if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"] = LockScript.Delete,
        ["if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('unlink', KEYS[1]) else return 0 end"] = LockScript.Delete,
        ["if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"] = LockScript.Delete,
        ["if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) return 1 else return 0 end"] = LockScript.Delete,

        // redis-py's Lock: release, reacquire, extend.
        ["local token = redis.call('get', KEYS[1]) if not token or token ~= ARGV[1] then return 0 end redis.call('del', KEYS[1]) return 1"] = LockScript.Delete,
        ["local token = redis.call('get', KEYS[1]) if not token or token ~= ARGV[1] then return 0 end redis.call('pexpire', KEYS[1], ARGV[2]) return 1"] =
            LockScript.Expire,
        ["local token = redis.call('get', KEYS[1]) if not token or token ~= ARGV[1] then return 0 end local expiration = redis.call('pttl', KEYS[1]) "
            + "if not expiration then expiration = 0 end if expiration < 0 then return 0 end local newttl = ARGV[2] "
            + "if ARGV[3] == '0' then newttl = ARGV[2] + expiration end redis.call('pexpire', KEYS[1], newttl) return 1"] = LockScript.Extend,

        // Go's redsync and redislock, Redlock's extend.
        ["if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end"] = LockScript.Expire,
        ["local val = redis.call('get', KEYS[1]) if val == ARGV[1] then return redis.call('del', KEYS[1]) elseif val == false then return -1 else return 0 end"] =
            LockScript.DeleteOrTellAbsence,
    }.ToFrozenDictionary(static form => Normalize(form.Key), static form => form.Value);

    /// <summary>Returns the meaning of a script; null: unknown.</summary>
    public static LockScript? Find(ReadOnlySpan<byte> script) =>
        script.Length <= MaxScriptBytes && Forms.TryGetValue(Normalize(Encoding.Latin1.GetString(script)), out LockScript meaning) ? meaning : null;

    /// <summary>Returns the name of a script for EVALSHA.</summary>
#pragma warning disable CA5350 // Redis names scripts by their SHA-1; nothing is protected by it.
    public static string ShaOf(ReadOnlySpan<byte> script) => Convert.ToHexStringLower(SHA1.HashData(script));
#pragma warning restore CA5350

    private static string Normalize(string script)
    {
        StringBuilder text = new();
        foreach (char character in script)
        {
            if (!Ignored.Contains(character))
            {
                text.Append(character == '"' ? '\'' : char.ToLowerInvariant(character));
            }
        }

        return text.ToString();
    }
}
