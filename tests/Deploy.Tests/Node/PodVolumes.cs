using k8s.Models;
using OrleansSessions.Deploy.Tests.Kubernetes;

namespace OrleansSessions.Deploy.Tests.Node;

/// <summary>Folders for a pod's volumes, with the files and modes that a kubelet sets.</summary>
internal sealed class PodVolumes(Overlay overlay, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> secrets, string root)
{
    // 0644
    private const int DefaultMode = 420;

    /// <summary>Creates a pod's volumes.</summary>
    /// <returns>Their mounts.</returns>
    public IReadOnlyList<Mount> Make(V1PodSpec pod)
    {
        long group = pod.SecurityContext.FsGroup ?? 0;
        Dictionary<string, string> folders = (pod.Volumes ?? []).ToDictionary(volume => volume.Name, volume => Make(volume, group));
        return
        [
            .. pod.Containers.Single().VolumeMounts.Select(mount => new Mount(
                // A claim's volume outlives the pod.
                Path.Combine(folders.GetValueOrDefault(mount.Name) ?? Claim(mount.Name, group), mount.SubPath ?? ""),
                mount.MountPath,
                mount.ReadOnlyProperty == true)),
        ];
    }

    private string Make(V1Volume volume, long group)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, volume.Name)).FullName;
        if (volume.EmptyDir is not null)
        {
            Command.Run("chmod", "0777", folder);
            return folder;
        }

        IReadOnlyDictionary<string, string> files = volume.Secret is { } secret
            ? secrets[secret.SecretName]
            : overlay.Get<V1ConfigMap>(volume.ConfigMap.Name).Data.AsReadOnly();
        int mode = volume.Secret?.DefaultMode ?? volume.ConfigMap?.DefaultMode ?? DefaultMode;
        foreach ((string path, string key) in volume.Secret?.Items?.Select(item => (item.Path, item.Key)) ?? files.Keys.Select(key => (key, key)))
        {
            string file = Path.Combine(folder, path);
            File.WriteAllText(file, files[key]);
            Command.Run("chown", $"0:{group}", file);
            Command.Run("chmod", Convert.ToString(mode, 8), file);
        }

        return folder;
    }

    private string Claim(string name, long group)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
        Command.Run("chown", $"0:{group}", folder);
        Command.Run("chmod", "0775", folder);
        return folder;
    }
}
