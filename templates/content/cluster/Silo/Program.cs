using OrleansSessions.Grains.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddSessionCluster();               // keeps the sessions in ConnectionStrings:Redis

var app = builder.Build();
app.MapHealthChecks("/healthz/ready");
app.Run();
