using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using OrleansSessions.Resp.Protocol;

namespace OrleansSessions.Bench.Micro;

[MemoryDiagnoser]
public class RespBenchmarks
{
    private static readonly RespLimits Limits = new() { MaxArguments = 65_536, MaxBulkBytes = 8 * 1024 * 1024 };

    private readonly RespReader _reader = new();
    private readonly byte[] _get = "*2\r\n$3\r\nGET\r\n$26\r\naed67402a18cbb3a61b0c2cba4\r\n"u8.ToArray();
    private readonly byte[] _setex =
        Encoding.ASCII.GetBytes($"*4\r\n$5\r\nSETEX\r\n$26\r\naed67402a18cbb3a61b0c2cba4\r\n$4\r\n1440\r\n$500\r\n{new string('x', 500)}\r\n");

    [Benchmark]
    public bool ParseGet() => Parse(_get);

    [Benchmark]
    public bool ParseSetex() => Parse(_setex);

    private bool Parse(byte[] bytes)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        return _reader.TryReadCommand(ref buffer, Limits, out _);
    }
}
