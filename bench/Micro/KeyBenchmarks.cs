using BenchmarkDotNet.Attributes;
using OrleansSessions.Contracts;

namespace OrleansSessions.Bench.Micro;

[MemoryDiagnoser]
public class KeyBenchmarks
{
    private readonly string _cookie = SessionToken.Create().Value;

    [Benchmark]
    public string KeyOfCookie() => SessionToken.TryParse(_cookie, out SessionToken token) ? SessionKey.For("default", token).Value : string.Empty;
}
