using System.Globalization;
using OrleansSessions.LocalCluster.Options;
using OrleansSessions.LocalCluster.Store;

namespace OrleansSessions.LocalCluster.Members;

/// <summary>Plan of the cluster's members and their settings.</summary>
internal sealed class MemberPlan(ClusterOptions options, IClusterStore store, string userKeySecretFile, IMemberAssemblies assemblies, Func<int> nextPort)
{
    /// <summary>The silo processes first, then the frontends.</summary>
    public IReadOnlyList<MemberDefinition> Members()
    {
        IEnumerable<MemberDefinition> silos = options.CoHost ? [] : Enumerable.Range(1, options.Silos).Select(SiloProcess);
        return [.. silos, .. Enumerable.Range(1, options.Frontends).Select(Frontend)];
    }

    private MemberDefinition SiloProcess(int number) =>
        Define(Name("silo", number), MemberRole.Silo, assemblies.Silo, Silo(number), []);

    private MemberDefinition Frontend(int number)
    {
        string name = Name("frontend", number);
        var settings = new Dictionary<string, string>
        {
            ["Frontend__Name"] = name,
            ["Frontend__CoHost"] = options.CoHost ? "true" : "false",

            // Scheme and client address as seen by the load balancer.
            ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true",

            // A secret in the user's environment would be a second one, which the frontends refuse.
            ["Sessions__UserKeySecret"] = "",
            ["Sessions__UserKeySecretFile"] = userKeySecretFile,
        };
        return Define(name, MemberRole.Frontend, assemblies.Frontend, options.CoHost ? Silo(number) : null, settings);
    }

    private MemberDefinition Define(string name, MemberRole role, string assembly, SiloPorts? silo, Dictionary<string, string> settings)
    {
        var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{nextPort()}"));
        settings["ASPNETCORE_URLS"] = url.GetLeftPart(UriPartial.Authority);
        settings["ConnectionStrings__Redis"] = store.ConnectionString;
        settings["ExitWithParent"] = "true";

        if (silo is not null)
        {
            settings["SessionCluster__SiloName"] = silo.Name;
            settings["SessionCluster__SiloPort"] = silo.SiloPort.ToString(CultureInfo.InvariantCulture);
            settings["SessionCluster__GatewayPort"] = silo.GatewayPort.ToString(CultureInfo.InvariantCulture);
            settings["SessionCluster__AdvertisedAddress"] = "127.0.0.1";

            // Set it even if there is no port: a port from the user's environment would be the same for all silos.
            settings["Resp__Port"] = silo.RespPort?.ToString(CultureInfo.InvariantCulture) ?? "";
            settings["Resp__Address"] = "127.0.0.1";
            settings["Resp__UserKeySecret"] = "";
            settings["Resp__UserKeySecretFile"] = userKeySecretFile;
        }

        return new MemberDefinition { Name = name, Role = role, Assembly = assembly, Url = url, Silo = silo, Settings = settings };
    }

    private SiloPorts Silo(int number) => new(Name("silo", number), nextPort(), nextPort(), options.RespPort == 0 ? null : nextPort());

    private static string Name(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}");
}
