using Microsoft.AspNetCore.Hosting;

[assembly: HostingStartup(typeof(OrleansSessions.Recorder.RecordingStartup))]

namespace OrleansSessions.Recorder;

/// <summary>
/// Hosting start-up that is loaded into a program and writes the name of every setting it reads to the file named by the setting <c>Recorder</c>.
/// </summary>
internal sealed class RecordingStartup : IHostingStartup
{
    public void Configure(IWebHostBuilder builder) => builder.ConfigureAppConfiguration((context, configuration) =>
        configuration.Add(new RecordingSource(context.Configuration["Recorder"] ?? throw new InvalidOperationException("The setting Recorder is missing."))));
}
