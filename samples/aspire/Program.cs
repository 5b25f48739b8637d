// Two silos, two frontends and Redis, on Aspire's dashboard.
using OrleansSessions.Aspire.Hosting;
using OrleansSessions.Samples.Aspire;

var builder = DistributedApplication.CreateBuilder(args);

var redis = builder.AddRedisServer("redis");      // with a container engine: AddRedis, of the package Aspire.Hosting.Redis
var sessions = builder.AddOrleansSessions<Projects.Silo>("sessions").WithReference(redis).WithReplicas(2);
builder.AddProject<Projects.MinimalApi>("shop-1").WithHttpEndpoint().WithHttpHealthCheck("/healthz/ready").WithReference(sessions);
builder.AddProject<Projects.MinimalApi>("shop-2").WithHttpEndpoint().WithHttpHealthCheck("/healthz/ready").WithReference(sessions);

sessions.AddRespEndpoint("resp");

builder.Build().Run();
