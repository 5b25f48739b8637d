using OrleansSessions.Bench.App.Counting;
using OrleansSessions.Bench.App.Hosting;
using OrleansSessions.Bench.App.Sessions;
using OrleansSessions.Bench.GrowthSilo;

WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});

// Requests are not logged, for any back end.
builder.Logging.SetMinimumLevel(LogLevel.Warning);
SessionBackEnd backEnd = builder.Configuration.GetValue<SessionBackEnd>("Bench:BackEnd");
builder.AddBackEnd(backEnd);

// The growth measurements move the clocks of silo and frontend alike: a silo refuses a commit whose frontend has given up.
AdvancingClock clock = new();
builder.Services.AddSingleton<TimeProvider>(clock);

WebApplication app = builder.Build();
app.UseRouting();
app.UseBackEnd(backEnd);
app.MapVisits(backEnd);
app.MapSignIn(backEnd);
app.MapCounters();
app.MapPost("/advance", (int seconds) => clock.Advance(TimeSpan.FromSeconds(seconds)));
app.Run();
