using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace OrleansSessions.Php.Tests.RealPhp;

/// <summary>Thousands of random values exchanged between .NET and a real PHP.</summary>
public sealed class ConversionTests(PhpProcess php)
{
    private static readonly Gen<string> Texts =
        Gen.OneOf(Gen.String[0, 12], Gen.Int.Select(i => i.ToString(CultureInfo.InvariantCulture)), Gen.OneOfConst("", "-0", "007", "a|b", "\0", "😀", "</script>"))
            .Where(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text);

    private static readonly Gen<double> Doubles =
        Gen.OneOf(Gen.Double, Gen.Double[-1, 1], Gen.Long.Select(BitConverter.Int64BitsToDouble), Gen.Int.Select(i => i / 8.0), Gen.Int[-330, 310].Select(e => Math.Pow(10, e)));

    private static readonly Gen<JsonNode?> Scalars = Gen.OneOf(
        Gen.Const((JsonNode?)null),
        Gen.Bool.Select(value => (JsonNode?)JsonValue.Create(value)),
        Gen.Long.Select(value => (JsonNode?)JsonValue.Create(value)),
        Gen.Int.Select(value => (JsonNode?)JsonValue.Create(value)),
        Doubles.Where(double.IsFinite).Select(value => (JsonNode?)JsonValue.Create(value)),
        Texts.Select(value => (JsonNode?)JsonValue.Create(value)));

    [Fact]
    public void FromJson_AnyJson_MatchesPhp()
    {
        PhpProcess.Require();

        Nodes(3).Sample(
            node =>
            {
                byte[] json = JsonSerializer.SerializeToUtf8Bytes(node);
                Assert.Equal(Show(php.Ask("from-json", [json])), Show(PhpValue.FromJson(json)));
            },
            iter: 5_000,
            threads: 1);
    }

    /// <summary>Otherwise a value that PHP only read would count as changed when it saves.</summary>
    [Fact]
    public void FromJson_AnyDouble_IsWrittenAsPhpWritesIt()
    {
        PhpProcess.Require();

        Doubles.Array[1, 20].Sample(
            values =>
            {
                var writer = new PhpWriter();
                writer.WriteArrayStart(values.Length);
                for (int i = 0; i < values.Length; i++)
                {
                    writer.WriteInteger(i);
                    writer.WriteDouble(values[i]);
                }

                writer.WriteArrayEnd();
                byte[] serialized = writer.ToArray();
                Assert.Equal(Show(php.Ask("again", [serialized])), Show(serialized));
            },
            iter: 1_000,
            threads: 1);
    }

    [Fact]
    public void ToJson_AnyValueOfPhp_IsWhatPhpsJsonSaysAndBack()
    {
        PhpProcess.Require();
        int converted = 0;

        Gen.Int.Sample(
            seed =>
            {
                byte[] value = php.Ask("random-value", [$"{seed}"])!;
                byte[]? expected = php.Ask("to-json", [value]);
                Assert.Equal(expected is not null, PhpValue.TryToJson(value, out byte[]? json));
                if (expected is not null)
                {
                    converted++;
                    Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(json!)), Show(value));
                    Assert.Equal(Show(value), Show(PhpValue.FromJson(json)));
                }
            },
            iter: 5_000,
            threads: 1);

        Assert.True(converted > 1_000, $"{converted} converted");
    }

    [Fact]
    public void Bytes_OfSetStringAndSetInt32_AreThatInPhpAndComeBack()
    {
        PhpProcess.Require();

        Gen.OneOf(Texts.Select(Encoding.UTF8.GetBytes), Gen.Byte.Array[4], Gen.Byte.Array[0, 9]).Sample(
            bytes =>
            {
                byte[] again = php.Ask("again", [PhpValue.FromBytes(bytes)])!;
                Assert.Equal(bytes, PhpValue.ToBytes(again));
            },
            iter: 2_000,
            threads: 1);
    }

    private static Gen<JsonNode?> Nodes(int depth)
    {
        if (depth == 0)
        {
            return Scalars;
        }

        Gen<JsonNode?> inner = Nodes(depth - 1);
        return Gen.OneOf(
            Scalars,
            inner.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(Copy)])),
            Gen.Select(Texts, inner).Array[0, 4].Select(members =>
                (JsonNode?)new JsonObject(members.DistinctBy(member => member.Item1).Select(member => KeyValuePair.Create(member.Item1, Copy(member.Item2))))));
    }

    /// <summary>A JSON node has one parent, and the generator may yield it twice.</summary>
    private static JsonNode? Copy(JsonNode? node) => node?.DeepClone();

    private static string? Show(byte[]? bytes) => bytes is null ? null : Text.Of(bytes);
}
