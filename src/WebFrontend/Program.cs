using OrleansSessions.ServiceDefaults;
using OrleansSessions.WebFrontend.Hosting;

return await HostedProgram.RunAsync(() =>
{
    WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
    {
        Args = args,
        // The settings and wwwroot are next to the assembly, regardless of the working directory.
        ContentRootPath = AppContext.BaseDirectory,
    });

    builder.AddServiceDefaults();
    builder.AddSessions();
    builder.AddShop();

    WebApplication app = builder.Build();
    app.UseShop();
    return app;
});
