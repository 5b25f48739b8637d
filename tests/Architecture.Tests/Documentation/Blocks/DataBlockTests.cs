using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace OrleansSessions.Architecture.Tests.Documentation.Blocks;

/// <summary>Data and settings of the documentation are well formed, and name what exists.</summary>
public sealed partial class DataBlockTests
{
    [Fact]
    public void Yaml_CanBeParsed() => Assert.All(BlockKinds.Of(BlockKind.Yaml), static block =>
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(block.Text));

        Assert.NotEmpty(stream.Documents);
    });

    [Fact]
    public void Json_NamesPropertiesOfTheStatusFile()
    {
        string[] known =
        [
            .. Assemblies.WrittenTypes("LocalCluster")
                .Where(static type => type.Namespace == "OrleansSessions.LocalCluster.Status")
                .SelectMany(static type => type.GetProperties())
                .Select(static property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)),
        ];

        Rule.Holds(
            from block in BlockKinds.Of(BlockKind.Json)
            from name in NamesIn(JsonNode.Parse(block.Text))
            where !known.Contains(name)
            select $"{block.Place}: {name}");
    }

    [Fact]
    public async Task Php_IsPhpsSyntax() => Rule.Holds(await Interpreter.ErrorsAsync(BlockKinds.Of(BlockKind.Php), prefix: "<?php ", "php", "-n", "-l"));

    [Fact]
    public void PhpIni_HasOneSettingPerLine() => Rule.Holds(
        from block in BlockKinds.Of(BlockKind.PhpIni)
        from line in BlockKinds.Result(block).Split('\n')
        where line.Length > 0 && !IniSetting().IsMatch(line)
        select $"{block.Place}: {line}");

    private static IEnumerable<string> NamesIn(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(static property => NamesIn(property.Value).Prepend(property.Key)),
        JsonArray array => array.SelectMany(NamesIn),
        _ => [],
    };

    [GeneratedRegex("""^[a-z_.]+ = ("[^"]*"|\w+)(\s+;.*)?$""")]
    private static partial Regex IniSetting();
}
