using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace HaCluster.Operations.Chains;

/// <summary>Where the consensus client of a chain node keeps its data, as its arguments say (infra/Stack/Chains/Ethereum/ConsensusClient.cs).</summary>
/// <param name="Mount">Where the volume is mounted.</param>
/// <param name="Path">Below it.</param>
internal sealed record ConsensusData(string Mount, string Path)
{
    private const string Volume = "data";
    private const string Checkpoint = "--checkpoint-sync-url=";
    private const string Directory = "--datadir=";

    /// <returns>Null without a consensus client, or when its data cannot be told apart from the rest of the volume.</returns>
    public static ConsensusData? Find(V1StatefulSet set) => (
        from container in set.Spec.Template.Spec.Containers
        let arguments = (container.Command ?? []).Concat(container.Args ?? []).ToList()
        where arguments.Any(argument => argument.StartsWith(Checkpoint, StringComparison.Ordinal))
        let mount = container.VolumeMounts?.FirstOrDefault(mount => mount.Name == Volume)?.MountPath.TrimEnd('/')
        let path = arguments.FirstOrDefault(argument => argument.StartsWith(Directory, StringComparison.Ordinal))?[Directory.Length..].TrimEnd('/')
        // Only a folder below the mount, never the whole volume.
        where mount is { Length: > 0 } && path?.StartsWith(mount + "/", StringComparison.Ordinal) == true && !path.Split('/').Contains("..")
        select new ConsensusData(mount, path)).FirstOrDefault();

    /// <summary>A job that deletes it, with what the set's pods have: user, tolerations, priority, and the image of their smallest helper container.</summary>
    public string ClearingJob(V1StatefulSet set, string claim)
    {
        var pod = set.Spec.Template.Spec;
        var helper = pod.InitContainers?.FirstOrDefault(container => container.RestartPolicy != "Always") ?? pod.Containers[0];
        var spec = new JsonObject
        {
            ["backoffLimit"] = 2,
            ["activeDeadlineSeconds"] = (long)TimeSpan.FromMinutes(15).TotalSeconds,
            ["ttlSecondsAfterFinished"] = (long)TimeSpan.FromDays(1).TotalSeconds,
            ["template"] = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["restartPolicy"] = "Never",
                    ["automountServiceAccountToken"] = false,
                    ["nodeSelector"] = Json(pod.NodeSelector),
                    ["tolerations"] = Json(pod.Tolerations),
                    ["priorityClassName"] = pod.PriorityClassName,
                    ["securityContext"] = Json(pod.SecurityContext),
                    ["containers"] = new JsonArray(new JsonObject
                    {
                        ["name"] = "clear",
                        ["image"] = helper.Image,
                        ["command"] = new JsonArray("rm", "-rf", "--", Path),
                        ["resources"] = Json(helper.Resources),
                        ["securityContext"] = Json(helper.SecurityContext),
                        ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = Volume, ["mountPath"] = Mount }),
                    }),
                    ["volumes"] = new JsonArray(new JsonObject { ["name"] = Volume, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = claim } }),
                },
            },
        };
        return spec.ToJsonString();
    }

    private static JsonNode? Json<T>(T? part)
        where T : class => part is null ? null : JsonNode.Parse(KubernetesJson.Serialize(part));
}
