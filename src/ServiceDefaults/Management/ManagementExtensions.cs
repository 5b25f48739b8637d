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

    /// <summary>Opens the management port, if configured.</summary>
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
            builder.ListenAt("Management", string.Create(CultureInfo.InvariantCulture, $"http://*:{own}"), managementOnly);
        }

        var endpoints = new ManagementEndpoints(port, withMetrics: port is not null || managementOnly);
        builder.Services.AddSingleton(endpoints);
        return endpoints;
    }

    /// <summary>Makes the web server listen at a URL, in addition to its addresses from ASP.NET Core's usual settings unless alone.</summary>
    public static void ListenAt(this IHostApplicationBuilder builder, string name, string url, bool alone) =>

        // The ports are now among the addresses; leaving the settings would log a warning that they are overridden.
        builder.Configuration.AddInMemoryCollection([Listen(builder.Configuration, name, url, alone), new("http_ports", ""), new("https_ports", "")]);

    private static KeyValuePair<string, string?> Listen(IConfiguration configuration, string name, string url, bool alone)
    {
        if (alone)
        {
            return new(Urls, url);
        }

        if (configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            // Named endpoints override every URL.
            return new($"Kestrel:Endpoints:{name}:Url", url);
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
