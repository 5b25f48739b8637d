using OrleansSessions.Bench.GrowthSilo;
using OrleansSessions.Grains.Hosting;

WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var clock = new AdvancingClock();
builder.AddSessionCluster(cluster => cluster.TimeProvider = clock);
builder.Services.AddSingleton(clock);
builder.Services.AddSingleton<FiredReminders>();

WebApplication app = builder.Build();
app.MapHealthChecks("/ready");
app.MapGrowth();
app.Run();
