using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using OrleansSessions.Instrumentation;

namespace OrleansSessions.ServiceDefaults.Tests.Telemetry;

/// <summary>The one call with which an application collects our telemetry.</summary>
public sealed class InstrumentationTests
{
    [Theory]
    [InlineData("OrleansSessions", true)]
    [InlineData("OrleansSessions.Resp", true)]
    [InlineData("OrleansSessions.Tls", true)]
    [InlineData("SomethingElse", false)]
    public void Instrument_OfOurMeters_IsCollected(string meterName, bool collected)
    {
        using var exporter = new CollectingExporter<Metric>(static metric => metric.MeterName);
        using var reader = new BaseExportingMetricReader(exporter);
        using MeterProvider provider = Sdk.CreateMeterProviderBuilder().AddOrleansSessionsInstrumentation().AddReader(reader).Build();
        using var meter = new Meter(meterName);

        meter.CreateCounter<long>("test.count").Add(1);

        Assert.True(reader.Collect());
        Assert.Equal(collected, exporter.Names.Contains(meterName));
    }

    [Theory]
    [InlineData("OrleansSessions", true)]
    [InlineData("SomethingElse", false)]
    public void Span_OfOurSource_IsRecorded(string sourceName, bool recorded)
    {
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddOrleansSessionsInstrumentation().Build();
        using var source = new ActivitySource(sourceName);

        using Activity? activity = source.StartActivity("test");

        Assert.Equal(recorded, activity is not null);
    }
}
