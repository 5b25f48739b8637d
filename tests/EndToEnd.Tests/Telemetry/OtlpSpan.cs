using System.Text;

namespace OrleansSessions.EndToEnd.Tests.Telemetry;

/// <summary>Span in OTLP's protobuf format (opentelemetry/proto/trace/v1).</summary>
internal sealed record OtlpSpan(string Trace, string Id, string Parent, string Name)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    /// <summary>Reads the spans of a request: resource spans (1), in them scope spans (2), in them spans (2).</summary>
    public static IEnumerable<OtlpSpan> ReadAll(ReadOnlyMemory<byte> request) =>
        from resource in Fields(request, 1)
        from scope in Fields(resource, 2)
        from span in Fields(scope, 2)
        select new OtlpSpan(Hex(span, 1), Hex(span, 2), Hex(span, 4), Encoding.UTF8.GetString(Fields(span, 5).Single().Span));

    private static string Hex(ReadOnlyMemory<byte> span, int field) => Convert.ToHexString(Fields(span, field).SingleOrDefault().Span);

    private static List<ReadOnlyMemory<byte>> Fields(ReadOnlyMemory<byte> message, int wanted)
    {
        List<ReadOnlyMemory<byte>> found = [];
        int at = 0;
        while (at < message.Length)
        {
            ulong tag = Number(message.Span, ref at);
            int length = (int)(tag & 7) switch
            {
                Varint => Skip(message.Span, ref at),
                Fixed64 => 8,
                Bytes => (int)Number(message.Span, ref at),
                Fixed32 => 4,
                _ => throw new InvalidDataException("Not a protobuf message."),
            };
            if ((int)(tag >> 3) == wanted)
            {
                found.Add(message.Slice(at, length));
            }

            at += length;
        }

        return found;
    }

    private static int Skip(ReadOnlySpan<byte> bytes, ref int at)
    {
        _ = Number(bytes, ref at);
        return 0;
    }

    private static ulong Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
