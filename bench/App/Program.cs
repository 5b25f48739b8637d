using OrleansSessions.Bench.App.Hosting;
using OrleansSessions.Bench.App.Sessions;

WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});

// The same for every back end: a request is not logged.
builder.Logging.SetMinimumLevel(LogLevel.Warning);
SessionBackEnd backEnd = builder.Configuration.GetValue<SessionBackEnd>("Bench:BackEnd");
builder.AddBackEnd(backEnd);

WebApplication app = builder.Build();
app.UseRouting();
app.UseBackEnd(backEnd);
app.MapVisits(backEnd);
app.Run();
