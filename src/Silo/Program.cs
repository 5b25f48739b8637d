using OrleansSessions.Grains.Hosting;
using OrleansSessions.Resp.Hosting;
using OrleansSessions.ServiceDefaults;

return await HostedProgram.RunAsync(() =>
{
    WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        // The settings lie beside the assembly, whatever folder the process is started from.
        ContentRootPath = AppContext.BaseDirectory,
    });
    builder.AddServiceDefaults(managementOnly: true);
    builder.AddSessionCluster();
    if (builder.RecordsTraces())
    {
        builder.UseOrleans(static silo => silo.AddActivityPropagation());
    }

    builder.AddRespEndpoint();

    WebApplication app = builder.Build();
    app.UseManagementEndpoints();
    return app;
});
