using System.Reflection;
using OrleansSessions.Contracts;

namespace OrleansSessions.Architecture.Tests.Telemetry;

/// <summary>The instrumentation package knows the libraries' meters and activity sources by name only.</summary>
public sealed class InstrumentationTests
{
    [Fact]
    public void Names_AreThoseOfTheLibraries()
    {
        IEnumerable<string> names = Constants(Assemblies.Get("Instrumentation").GetType("OrleansSessions.Instrumentation.TelemetryNames", throwOnError: true)!, "");
        IEnumerable<string> meters = Assemblies.Names.SelectMany(Assemblies.WrittenTypes).SelectMany(static type => Constants(type, "MeterName"));

        Assert.Equal(meters.Distinct().Order(), names.Order());
        Assert.Contains(SessionTelemetry.ActivitySourceName, names);
    }

    private static IEnumerable<string> Constants(Type type, string name) =>
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where field.IsLiteral && field.FieldType == typeof(string) && (name.Length == 0 || field.Name == name)
        select (string)field.GetRawConstantValue()!;
}
