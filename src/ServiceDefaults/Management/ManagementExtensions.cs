using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OrleansSessions.ServiceDefaults.Management;

internal static class ManagementExtensions
{
    private const string Urls = "urls";
    private const string DefaultUrl = "http://localhost:5000";

    /// <summary>Opens the management port, if there is one.</summary>
    public static ManagementEndpoints AddManagement(this IHostApplicationBuilder builder, bool managementOnly)
    {
        int? port = builder.Configuration.GetSection(ManagementOptions.Section).Get<ManagementOptions>()?.Port;
        if (port is <= IPEndPoint.MinPort or > IPEndPoint.MaxPort)
        {
            throw new OptionsValidationException(
                ManagementOptions.Section, typeof(ManagementOptions), [$"{ManagementOptions.Section}:Port is '{port}'; it must be a port, 1 to 65535, or not set."]);
        }

        if (port is { } own)
        {
            // The ports are among the addresses now; left in place, they'd be warned of as overridden.
            builder.Configuration.AddInMemoryCollection([Listen(builder.Configuration, own, managementOnly), new("http_ports", ""), new("https_ports", "")]);
        }

        var endpoints = new ManagementEndpoints(port, withMetrics: port is not null || managementOnly);
        builder.Services.AddSingleton(endpoints);
        return endpoints;
    }

    /// <summary>The setting that makes the web server listen at the port, beside the addresses that it is told of in one of ASP.NET Core's ways.</summary>
    private static KeyValuePair<string, string?> Listen(IConfiguration configuration, int port, bool alone)
    {
        string url = string.Create(CultureInfo.InvariantCulture, $"http://*:{port}");
        if (alone)
        {
            return new(Urls, url);
        }

        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            // Named endpoints override every URL.
            return new("Kestrel:Endpoints:Management:Url", url);
        }

        string[] application = configuration[Urls] is { Length: > 0 } urls
            ? [urls]
            : [.. Ports("http"), .. Ports("https")];
        return new(Urls, string.Join(';', [.. application is [] ? [DefaultUrl] : application, url]));

        IEnumerable<string> Ports(string scheme) => (configuration[$"{scheme}_ports"] ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(number => $"{scheme}://*:{number}");
    }
}
