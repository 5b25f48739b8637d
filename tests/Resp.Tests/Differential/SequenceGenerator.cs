namespace OrleansSessions.Resp.Tests.Differential;

/// <summary>
/// Generator of random command sequences over up to four connections and three keys. A transaction and its WATCH use one key, as the cluster requires.
/// </summary>
internal sealed class SequenceGenerator(int seed)
{
    private const int MaxConnections = 4;
    private const int MinSteps = 8;
    private const int MaxSteps = 48;

    private const string Release = "if redis.call(\"get\",KEYS[1]) == ARGV[1] then return redis.call(\"del\",KEYS[1]) else return 0 end";
    private const string Prolong = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end";

    private static readonly string[] Values =
    [
        "", "a", "hello world", "0", "1", "-1", "42", "007", "+5", " 1", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "3.25", "1e3", "-0.5",
        "inf", "nan", "5000.1", "\0\u00ff\r\n", "\u00c3\u00a4", "{\"cookie\":{}}", "user|i:1;", "user|i:1;name|s:3:\"Ada\";", "payload|i:1;", "a:1:{s:1:\"x\";i:1;}",
        "a:0:{}", "x|O:1:\"A\":1:{s:1:\"b\";R:1;}", "\0\0\0\u0002\u0014\u0001", "x|i:1;broken",
    ];

    private static readonly string[] Fields = ["f", "g", "payload", "x y", "\u00c3\u00a4", "user"];
    private static readonly string[] Numbers = ["1", "-1", "5", "0", "100", "9223372036854775807", "-9223372036854775808", "x", "1.5", "", "01"];
    private static readonly string[] Floats = ["1", "-1.5", "0.1", "3.0e3", "1e-5", "1000.1", "-0", "inf", "x", "", "12345678901234567890.5", "0.00000000000000001"];

    private readonly Random _random = new(seed);
    private readonly string?[] _keyOfTransaction = new string?[MaxConnections];
    private readonly bool[] _isInTransaction = new bool[MaxConnections];
    private int _connections;

    public List<Step> Generate()
    {
        _connections = 1 + _random.Next(MaxConnections);
        int count = _random.Next(MinSteps, MaxSteps + 1);
        List<Step> steps = [];
        while (steps.Count < count)
        {
            int connection = _random.Next(_connections);
            string[] command = Next(connection);
            if (command[0] == "WATCH")
            {
                // A watched key that is created and ended again counts as unchanged in the cluster and as changed in Redis, so create it first.
                steps.Add(new Step(connection, ["SETNX", command[1], Value()]));
            }

            steps.Add(new Step(connection, command));
        }

        // Read the final state over every connection.
        for (int key = 0; key < 3; key++)
        {
            foreach (string look in (string[])["TYPE", "GET", "HGETALL", "TTL"])
            {
                steps.Add(new Step(MaxConnections, [look, $"{{{key}}}"]));
            }
        }

        return steps;
    }

    private string[] Next(int connection)
    {
        if (_random.Next(100) < 14)
        {
            return AboutTransactions(connection);
        }

        string key = _isInTransaction[connection] ? _keyOfTransaction[connection]! : Key();
        return _random.Next(3) switch
        {
            0 => OnStrings(key),
            1 => OnHashes(key),
            _ => _random.Next(2) == 0 ? OnExpiry(key) : _isInTransaction[connection] ? OnOneKey(key) : OnKeys(key),
        };
    }

    private string[] AboutTransactions(int connection)
    {
        if (_isInTransaction[connection])
        {
            switch (_random.Next(8))
            {
                case 0:
                    return ["GET"];
                case 1:
                    return ["MULTI"];
                case 2:
                    return ["UNWATCH"];
                case 3:
                    End(connection);
                    return ["DISCARD"];
                default:
                    End(connection);
                    return ["EXEC"];
            }
        }

        switch (_random.Next(7))
        {
            case 0:
                return ["EXEC"];
            case 1:
                _keyOfTransaction[connection] = null;
                return ["UNWATCH"];
            case 2 or 3:
                string watched = _keyOfTransaction[connection] ??= Key();
                return ["WATCH", watched];
            default:
                _keyOfTransaction[connection] ??= Key();
                _isInTransaction[connection] = true;
                return ["MULTI"];
        }
    }

    private void End(int connection)
    {
        _isInTransaction[connection] = false;
        _keyOfTransaction[connection] = null;
    }

    private string[] OnStrings(string key) => _random.Next(18) switch
    {
        0 or 1 or 2 => ["GET", key],
        3 => ["SET", key, Value()],
        4 => ["SET", key, Value(), .. Any<string[]>(["EX", Seconds()], ["PX", Seconds() + "000"], ["EXAT", At()], ["PXAT", At() + "000"], ["EX", "0"], ["EXAT", "1"])],
        5 => ["SET", key, Value(), .. Any<string[]>(["NX"], ["XX"], ["GET"], ["KEEPTTL"], ["NX", "GET"], ["XX", "GET"], ["NX", "EX", Seconds()], ["GET", "KEEPTTL"])],
        6 => ["SETNX", key, Value()],
        7 => Any<string[]>(["SETEX", key, Any(Seconds(), Seconds(), "0", "x"), Value()], ["PSETEX", key, Seconds() + "000", Value()]),
        8 => ["GETSET", key, Value()],
        9 => ["GETDEL", key],
        10 => ["GETEX", key, .. Any<string[]>([], ["EX", Seconds()], ["PERSIST"], ["PXAT", At() + "000"], ["EXAT", "1"])],
        11 => ["APPEND", key, Value()],
        12 => ["STRLEN", key],
        13 => [Any("INCR", "DECR"), key],
        14 => [Any("INCRBY", "DECRBY"), key, Any(Numbers)],
        15 => ["INCRBYFLOAT", key, Any(Floats)],
        16 => ["MSET", key, Value(), .. Any<string[]>([], [key, Value()], [key])],
        _ => ["MSETNX", key, Value()],
    };

    private string[] OnHashes(string key) => _random.Next(14) switch
    {
        0 or 1 => ["HSET", key, Field(), Value(), .. Any<string[]>([], [Field(), Value()], [Field()])],
        2 => ["HMSET", key, Field(), Value()],
        3 => ["HSETNX", key, Field(), Value()],
        4 => ["HGET", key, Field()],
        5 => ["HMGET", key, Field(), Field(), "\u00ff"],
        6 => ["HGETALL", key],
        7 => ["HDEL", key, Field(), .. Any<string[]>([], [Field()], Fields)],
        8 => ["HINCRBY", key, Field(), Any(Numbers)],
        9 => ["HINCRBYFLOAT", key, Field(), Any(Floats)],
        10 => ["HEXISTS", key, Field()],
        11 => [Any("HLEN", "HKEYS", "HVALS"), key],
        12 => ["HSTRLEN", key, Field()],
        _ => ["HDEL", key, .. Fields],
    };

    private string[] OnExpiry(string key) => _random.Next(9) switch
    {
        0 => ["EXPIRE", key, Any(Seconds(), Seconds(), "-1", "0", "x"), .. Any<string[]>([], [], ["NX"], ["XX"], ["GT"], ["LT"], ["NX", "XX"])],
        1 => ["PEXPIRE", key, Seconds() + "000"],
        2 => ["EXPIREAT", key, Any(At(), At(), "1")],
        3 => ["PEXPIREAT", key, At() + "000"],
        4 => ["PERSIST", key],
        5 => ["TTL", key],
        6 => ["PTTL", key],
        7 => ["EXPIRETIME", key],
        _ => ["PEXPIRETIME", key],
    };

    private string[] OnOneKey(string key) => _random.Next(4) switch
    {
        0 => [Any("DEL", "UNLINK"), key],
        1 => [Any("EXISTS", "TOUCH"), key],
        2 => ["MGET", key],
        _ => ["TYPE", key],
    };

    private string[] OnKeys(string key) => _random.Next(9) switch
    {
        0 => [Any("DEL", "UNLINK"), key, Key()],
        1 => [Any("EXISTS", "TOUCH"), key, Key(), key],
        2 => ["MGET", key, Key(), Key()],
        3 => ["RENAME", key, Key()],
        4 => ["EVAL", Release, "1", key, Value()],
        5 => ["EVAL", Prolong, "1", key, Value(), Seconds() + "000"],
        _ => OnOneKey(key),
    };

    private string Key() => Any("{0}", "{0}", "{1}", "{2}");

    private string Value() => Any(Values);

    private string Field() => Any(Fields);

    // Rarely equal, so that the order of two expiries does not depend on timing.
    private string Seconds() => $"{_random.Next(1_000, 9_000_000)}";

    private string At() => $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds() + _random.Next(1_000, 9_000_000)}";

    private T Any<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
