using OrleansSessions.Grains.Hosting;
using OrleansSessions.ServiceDefaults;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSessionCluster();

WebApplication app = builder.Build();
app.MapHealthEndpoints();
app.Run();
