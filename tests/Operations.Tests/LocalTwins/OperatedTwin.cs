using System.Globalization;
using Amazon.Runtime;
using HaCluster.Engine.Values;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Worlds;
using HaCluster.Twin;
using HaCluster.Twin.World;
using k8s.Models;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>A twin of the small stack, a minute of its time in each second, and the processes of operators that reach it over its wire.</summary>
internal sealed class OperatedTwin : IAsyncDisposable
{
    /// <summary>Of the twin; and of the waits of operators, so that they ask twice a second when they mean to ask every two seconds.</summary>
    public const double TwinSpeed = 60, OperatorSpeed = 5;

    /// <summary>Longer than a cluster autoscaler takes for a new node.</summary>
    private static readonly TimeSpan NodeStart = TimeSpan.FromMinutes(6);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ha-operated-");
    private readonly LocalTwin twin;

    private OperatedTwin(LocalTwin twin, TwinWire wire)
    {
        (this.twin, Wire) = (twin, wire);
        twin.Kubernetes.WriteKubeconfig(Kubeconfig);
    }

    public TwinWire Wire { get; }

    public LocalTwin Twin => twin;

    public FastTime Time { get; } = new(OperatorSpeed, DateTimeOffset.UtcNow);

    public string Folder => folder.FullName;

    public string Kubeconfig => Path.Combine(Folder, "kubeconfig");

    public string Journals => Path.Combine(Folder, "journals");

    public string Cluster => twin.World.Plan.Graph!.Resources.First(resource => resource.Type == "aws:eks/cluster:Cluster") is var cluster
        && cluster.Inputs.GetValueOrDefault("name") is PropertyValue.Text name ? name.Value : cluster.Id!;

    public static async Task<OperatedTwin> StartAsync()
    {
        var wire = new TwinWire();
        return new OperatedTwin(await LocalTwin.StartAsync(await SmallStack.PlanAsync(), WorldClock.Running(TimeProvider.System, TwinSpeed), interceptor: wire.HandleAsync), wire);
    }

    public Task<TwinProcess> ConnectAsync(KillPoints? points = null, FastTime? time = null, Func<bool>? isDiskFull = null, KubernetesOptions? options = null, string? journals = null) => TwinProcess.StartAsync(
        new ConnectionRequest
        {
            Kubeconfig = Kubeconfig,
            AwsEndpoint = twin.Aws.Url,
            AwsCredentials = new BasicAWSCredentials(twin.Aws.Key.Id, twin.Aws.Key.Secret),
            Region = twin.Aws.Region,
            ClusterName = Cluster,
            AllowOtherClusters = true,
        },
        journals ?? Journals, points ?? KillPoints.None(), time ?? Time, isDiskFull, options);

    /// <summary>Runs it with one process that nobody disturbs.</summary>
    public async Task<OperationResult> RunAsync(OperationRequest request)
    {
        await using var process = await ConnectAsync();
        return await process.Runner.RunAsync(request, TwinProcess.Force, default);
    }

    /// <summary>
    /// What the operations are about, when nothing is on its way any more: nodes and what is left on those that are cordoned, workloads, writers, shifts.
    /// Where a pod of a healthy zone runs is left to the scheduler.
    /// </summary>
    public async Task<string> SettledAsync()
    {
        await using var process = await ConnectAsync();
        var before = await DescribeAsync(process);
        while (true)
        {
            if (!before.Waits)
                return before.Text;
            // A new node may come for what finds no place.
            await Task.Delay(NodeStart / TwinSpeed);
            var now = await DescribeAsync(process);
            if (now == before)
                return now.Text;
            before = now;
        }
    }

    /// <returns>The state, and whether a pod finds no place.</returns>
    private async Task<(string Text, bool Waits)> DescribeAsync(TwinProcess process)
    {
        var api = process.Session.Kubernetes;
        IReadOnlyList<V1Pod> pods = [];
        IReadOnlyList<V1Deployment> deployments = [];
        await Waiting.UntilAsync(
            "no pod starts or ends any more",
            async () => (pods = (await api.ListAsync(Kinds.Pods, ListScope.All, default)).Items).All(IsSettled)
                && (deployments = (await api.ListAsync(Kinds.Deployments, ListScope.All, default)).Items).All(IsSettled),
            () => string.Join(", ", [.. pods.Where(pod => !IsSettled(pod)).Select(Drainage.NameOf), .. deployments.Where(one => !IsSettled(one)).Select(one => $"{one.Metadata.Name} {one.Metadata.Generation} {k8s.KubernetesJson.Serialize(one.Status)}")]));
        var aws = process.Session.Aws!;
        var nodes = (await api.ListAsync(Kinds.Nodes, ListScope.All, default)).Items.OrderBy(node => node.Metadata.Name, StringComparer.Ordinal);
        var sets = (await api.ListAsync(Kinds.StatefulSets, ListScope.All, default)).Items;
        var databases = await aws.Databases.ListAsync(Cluster, [], default);
        var text = string.Join('\n',
        [
            .. nodes.Select(node => $"node {node.Metadata.Name} {(node.IsCordoned() ? $"cordoned, {pods.Count(pod => pod.Spec.NodeName == node.Metadata.Name && Drainage.Owner(pod)?.Kind != "DaemonSet")} pods" : "open")}"
                + $"{(node.Annotation(CordonStep.Annotation) is null ? "" : ", by an operation")}"),
            .. deployments.Select(one => Describe(one.Metadata, one.Spec.Replicas, one.Status?.ReadyReplicas, one.Spec.Template)).Order(StringComparer.Ordinal),
            .. sets.Select(one => Describe(one.Metadata, one.Spec.Replicas, one.Status?.ReadyReplicas, one.Spec.Template)).Order(StringComparer.Ordinal),
            .. databases.Select(database => $"database {database.Identifier}, writer {database.Writer?.Identifier}, {database.Status}"),
            .. (await aws.ZonalShifts.ListActiveAsync(null, default)).Where(shift => shift.Status == "ACTIVE").Select(shift => $"shift {shift.ResourceArn.Split('/')[^1]} away from {shift.ZoneId}").Order(StringComparer.Ordinal),
        ]);
        return (text, pods.Any(pod => pod.Spec.NodeName is null));
    }

    public async ValueTask DisposeAsync()
    {
        await twin.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static string Describe(V1ObjectMeta meta, int? replicas, int? ready, V1PodTemplateSpec template) => string.Create(
        CultureInfo.InvariantCulture,
        $"{meta.NamespaceProperty}/{meta.Name} generation {meta.Generation}: {ready ?? 0} of {replicas} of {string.Join(", ", template.Spec.Containers.Select(container => container.Image))}");

    private static bool IsSettled(V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed" || Drainage.IsReady(pod)
        || pod.Metadata.DeletionTimestamp is null && pod.Spec.NodeName is null && pod.Status?.Conditions?.Any(condition => condition is { Type: "PodScheduled", Status: "False", Reason: "Unschedulable" }) == true;

    /// <summary>One that no controller of the twin has a status for is not run by it.</summary>
    private static bool IsSettled(V1Deployment one) =>
        one.Status?.ObservedGeneration is null || one.Status.ObservedGeneration >= one.Metadata.Generation && (one.Status.Replicas ?? 0) == (one.Status.UpdatedReplicas ?? 0);
}
