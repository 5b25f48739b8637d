using OrleansSessions.Administration;
using OrleansSessions.Grains.Hosting;
using OrleansSessions.Resp.Hosting;
using OrleansSessions.ServiceDefaults;
using OrleansSessions.ServiceDefaults.Dashboard;

return await HostedProgram.RunAsync(() =>
{
    WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        // The settings are next to the assembly, regardless of the working directory.
        ContentRootPath = AppContext.BaseDirectory,
    });
    builder.AddServiceDefaults(managementOnly: true);
    builder.AddSessionCluster();
    if (builder.RecordsTraces())
    {
        builder.UseOrleans(static silo => silo.AddActivityPropagation());
    }

    builder.AddSiloDashboard();
    builder.AddRespEndpoint();
    if (builder.AddSessionAdministration() is { } administration)
    {
        builder.ListenAlso("Administration", administration);
    }

    WebApplication app = builder.Build();
    app.UseSessionAdministration();
    app.UseManagementEndpoints();
    return app;
});
