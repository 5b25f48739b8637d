using OrleansSessions.Bench.App.Hosting;
using OrleansSessions.Bench.App.Sessions;

WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});

// Requests are not logged, for any back end.
builder.Logging.SetMinimumLevel(LogLevel.Warning);
SessionBackEnd backEnd = builder.Configuration.GetValue<SessionBackEnd>("Bench:BackEnd");
builder.AddBackEnd(backEnd);

WebApplication app = builder.Build();
app.UseRouting();
app.UseBackEnd(backEnd);
app.MapVisits(backEnd);
app.Run();
