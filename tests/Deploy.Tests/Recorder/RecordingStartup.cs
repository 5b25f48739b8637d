using Microsoft.AspNetCore.Hosting;

[assembly: HostingStartup(typeof(OrleansSessions.Recorder.RecordingStartup))]

namespace OrleansSessions.Recorder;

/// <summary>
/// Loaded into a program as a hosting start-up: writes the name of every setting that the program asks for into the file that the setting <c>Recorder</c> names.
/// </summary>
internal sealed class RecordingStartup : IHostingStartup
{
    public void Configure(IWebHostBuilder builder) => builder.ConfigureAppConfiguration((context, configuration) =>
        configuration.Add(new RecordingSource(context.Configuration["Recorder"] ?? throw new InvalidOperationException("The setting Recorder is missing."))));
}
