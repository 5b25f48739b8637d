using System.Reflection;
using System.Text.RegularExpressions;

namespace OrleansSessions.Architecture.Tests.Documentation.Blocks;

/// <summary>Environment variables in the documentation name options that exist.</summary>
public sealed partial class SettingTests
{
    /// <summary>The types whose properties are options, by their section.</summary>
    private static readonly ILookup<string, Type> Sections = (
        from project in Assemblies.Names
        from type in Assemblies.WrittenTypes(project)
        let name = type.GetField("SectionName", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            ?? type.GetField("Section", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        where name is { IsLiteral: true }
        select (Section: (string)name.GetRawConstantValue()!, Type: type)).ToLookup(static option => option.Section, static option => option.Type);

    [Fact]
    public void Setting_InABlock_NamesAnOption() => Rule.Holds(
        from block in BlockKinds.Of(BlockKind.Settings)
        from line in block.Lines
        let name = Name().Match(line).Value
        where !Exists(name.Split("__"))
        select $"{block.Place}: {name}");

    private static bool Exists(string[] path) =>
        path is ["ConnectionStrings", _]
        || Enumerable.Range(1, path.Length - 1).Any(length => Sections[string.Join(':', path[..length])].Any(type => HasProperty(type, path[length..])));

    private static bool HasProperty(Type type, string[] path)
    {
        if (path is [])
        {
            return true;
        }

        // An element of a list.
        if (int.TryParse(path[0], out _))
        {
            Type? element = type.IsArray ? type.GetElementType() : type.GetGenericArguments().LastOrDefault();
            return element is not null && HasProperty(element, path[1..]);
        }

        return type.GetProperty(path[0]) is { } property && HasProperty(property.PropertyType, path[1..]);
    }

    [GeneratedRegex(@"^\w+")]
    private static partial Regex Name();
}
