using HaCluster.Operations.Databases;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using HaCluster.Operations.Workloads;
using HaCluster.Operations.Zones;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>The operations that are tried on the twin, each with what it acts on there.</summary>
internal static class TwinOperations
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>In the twin's time, which runs fast.</summary>
    private static readonly TimeSpan ShiftedFor = TimeSpan.FromHours(48);

    /// <summary>One that a twin is used for once.</summary>
    public static async Task<OperationRequest> PrepareAsync(OperatedTwin twin, string name)
    {
        await using var process = await twin.ConnectAsync();
        // The zone with a writer, so that every kind of step is there.
        var zone = (await process.Session.Aws!.Databases.ListAsync(twin.Cluster, [], default))[0].Writer!.Zone;
        switch (name)
        {
            case "Switch-HaZone":
                return new SwitchZone(zone, ShiftedFor);
            case "Update-HaWorkload" or "Invoke-HaDatabaseFailover":
                return (await NextAsync(twin, name)).Request;
            case "Restore-HaZone":
                await twin.RunAsync(new SwitchZone(zone, ShiftedFor));
                return new RestoreZone(zone);
            default:
                return new DrainNode(await FullestNodeAsync(process.Session.Kubernetes), Limit);
        }
    }

    /// <summary>One that can be run again and again, and how it ends.</summary>
    public static async Task<(OperationRequest Request, string End)> NextAsync(OperatedTwin twin, string name)
    {
        await using var process = await twin.ConnectAsync();
        var now = await twin.SettledAsync();
        if (name == "Invoke-HaDatabaseFailover")
        {
            var database = (await process.Session.Aws!.Databases.ListAsync(twin.Cluster, [], default))[0];
            var reader = database.Members.First(member => !member.IsWriter).Identifier;
            return (new FailOverDatabase(database.Identifier, reader, Limit), now.Replace($"writer {database.Writer!.Identifier}", $"writer {reader}", StringComparison.Ordinal));
        }
        var workload = (await process.Session.Kubernetes.FindAsync(Kinds.Deployments, SmallStack.WorkloadNamespace, SmallStack.Workload, default))!;
        var (generation, image) = (workload.Metadata.Generation!.Value, workload.Spec.Template.Spec.Containers[0].Image);
        var next = $"registry.example.com/hello:{generation + 1}";
        return (
            new UpdateWorkload(new(SmallStack.WorkloadNamespace, SmallStack.Workload), next, null, Limit, TimeSpan.FromSeconds(10)),
            string.Join('\n', now.Split('\n').Select(line => line.StartsWith($"{SmallStack.WorkloadNamespace}/{SmallStack.Workload} ", StringComparison.Ordinal)
                ? line.Replace($"generation {generation}:", $"generation {generation + 1}:", StringComparison.Ordinal).Replace(image, next, StringComparison.Ordinal)
                : line)));
    }

    private static async Task<string> FullestNodeAsync(IKubernetesApi api) =>
        (await api.ListAsync(Kinds.Pods, ListScope.All, default)).Items
            .Where(pod => pod.Spec.NodeName is not null && Drainage.Owner(pod)?.Kind != "DaemonSet")
            .GroupBy(pod => pod.Spec.NodeName)
            .OrderByDescending(node => (node.Any(Drainage.IsStateful), node.Count())).ThenBy(node => node.Key, StringComparer.Ordinal)
            .First().Key;
}
