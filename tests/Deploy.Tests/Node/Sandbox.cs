using System.Globalization;
using k8s.Models;
using OrleansSessions.Deploy.Tests.Docker;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>
/// Sandbox that runs a container's program like a container runtime: in the pod's network, as process 1, with a read-only root, as the manifest's user and
/// without capabilities. The system's programs and libraries stand in for those of the base image.
/// </summary>
internal static class Sandbox
{
    private const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static IReadOnlyList<string> Enclose(
        PodNamespace network, V1PodSpec pod, ContainerImage? image, IReadOnlyDictionary<string, string> environment, IReadOnlyList<Mount> mounts, string hostName, string etc)
    {
        string runtime = System.IO.Path.GetDirectoryName(Environment.ProcessPath)!;
        List<string> command =
        [
            .. network.Enter,
            "bwrap", "--unshare-pid", "--as-pid-1", "--unshare-ipc", "--unshare-uts", "--hostname", hostName, "--die-with-parent",
            "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
            .. Folders(["/etc/hosts", .. mounts.Select(mount => mount.Target)]),
            "--ro-bind", "/etc/ssl", "/etc/ssl", "--ro-bind", "/etc/ld.so.cache", "/etc/ld.so.cache",
            "--ro-bind", System.IO.Path.Combine(etc, "hosts"), "/etc/hosts", "--ro-bind", System.IO.Path.Combine(etc, "nsswitch.conf"), "/etc/nsswitch.conf",
            "--proc", "/proc", "--dev", "/dev",
        ];
        if (!runtime.StartsWith("/usr/", StringComparison.Ordinal))
        {
            command.AddRange(["--ro-bind", runtime, runtime]);
        }

        if (image is not null)
        {
            command.AddRange(["--ro-bind", image.Files, image.Dockerfile.WorkingDirectory, "--chdir", image.Dockerfile.WorkingDirectory]);
        }

        command.AddRange(mounts.SelectMany(mount => (string[])[mount.IsReadOnly ? "--ro-bind" : "--bind", mount.Source, mount.Target]));
        command.AddRange(["--remount-ro", "/", "--clearenv", "--setenv", "PATH", $"{Path}:{runtime}"]);
        command.AddRange(environment.SelectMany(variable => (string[])["--setenv", variable.Key, variable.Value]));
        return [.. command, "--", .. AsUser(pod), .. pod.Containers.Single().Command ?? image!.Dockerfile.EntryPoint.ToList()];
    }

    /// <summary>Returns the command that runs another one next to a container's program: in its namespaces, as its user.</summary>
    public static IReadOnlyList<string> Join(int process, V1PodSpec pod) =>
        ["nsenter", "--target", process.ToString(CultureInfo.InvariantCulture), "--mount", "--net", "--pid", "--", .. AsUser(pod)];

    // bwrap itself would create them for root only.
    private static IEnumerable<string> Folders(IEnumerable<string> paths) => paths
        .SelectMany(path => path.Split('/')[1..^1].Aggregate(new List<string> { "" }, (folders, part) => [.. folders, $"{folders[^1]}/{part}"]))
        .Where(folder => folder.Length > 0)
        .Distinct()
        .SelectMany(folder => (string[])["--perms", "0755", "--dir", folder]);

    private static string[] AsUser(V1PodSpec pod)
    {
        V1PodSecurityContext user = pod.SecurityContext;
        return
        [
            "setpriv", string.Create(CultureInfo.InvariantCulture, $"--reuid={user.RunAsUser}"), string.Create(CultureInfo.InvariantCulture, $"--regid={user.RunAsGroup}"),
            string.Create(CultureInfo.InvariantCulture, $"--groups={user.FsGroup}"), "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--",
        ];
    }
}
