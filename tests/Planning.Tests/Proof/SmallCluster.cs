using System.Collections.Immutable;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Proof;

/// <summary>A cluster of three zones that survives everything, small enough to reckon by hand; each test takes one thing away.</summary>
internal static class SmallCluster
{
    private const long Gi = 1L << 30;

    public static readonly ImmutableArray<string> Zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

    /// <summary>Nodes of 4 vCPU, 16 GiB; two per zone.</summary>
    public static ClusterModel Create() => new()
    {
        Name = "small",
        Zones = Zones,
        NodeGroups = [Group("general", Zones, 6), .. Zones.Select((zone, index) => Group($"stateful-{index + 1}", [zone], 1))],
        Workloads = [Web(), Chain()],
        Budgets = [BudgetOf(Web()), BudgetOf(Chain())],
        Quotas = [Quota("shop"), Quota("chains")],
        NatGateways = [.. Zones.Select(zone => new NatGateway($"nat-{zone}", zone, [zone]))],
        NatSetting = "nat",
        Databases = [new Database("postgres", "aurora-postgresql", [.. Zones.Select((zone, index) => new DatabaseInstance($"postgres-{index}", zone, index))], HasProxy: true, "databases.postgresql.readers")],
        SearchDomains = [new SearchDomain("logs", 3, 3, 3, HasStandby: true)],
        EntryPoints = [new EntryPoint("edge", Zones, "shop/web", CrossesZones: true)],
        IsAutoscaled = true,
    };

    /// <summary>Three replicas of 1 vCPU, spread over zones by preference.</summary>
    public static Workload Web(int replicas = 3) => new()
    {
        Kind = WorkloadKind.Deployment,
        Namespace = "shop",
        Name = "web",
        Replicas = replicas,
        MaxSurge = 1,
        MaxUnavailable = 0,
        Source = new Origin.File("test"),
        ReplicasSetting = "sites.web.minReplicas",
        Pods = Pods("web", 1000) with { Spread = [SpreadOf("web", isRequired: false)] },
    };

    /// <summary>Three replicas with a volume each, spread one per zone by rule; two must serve.</summary>
    public static Workload Chain() => new()
    {
        Kind = WorkloadKind.StatefulSet,
        Namespace = "chains",
        Name = "bitcoin",
        Replicas = 3,
        MinServing = 2,
        ServingReason = "objective",
        IsParallel = true,
        Source = new Origin.File("test"),
        ReplicasSetting = "chains.bitcoin.replicas",
        Pods = Pods("bitcoin", 1000) with
        {
            Volumes = [new VolumeClaim("data", 100 * Gi, null)],
            Spread = [SpreadOf("bitcoin", isRequired: true) with { MinDomains = 3 }],
            NodeSelector = Labels.Of(("pool", "stateful")),
        },
    };

    public static PodSpec Pods(string name, long milliCpu) => new()
    {
        Requests = new Resources(milliCpu, Gi, Gi),
        Limits = new Resources(milliCpu, Gi, Gi),
        Labels = Labels.Of(("app", name)),
    };

    public static DisruptionBudget BudgetOf(Workload workload) =>
        new(workload.Namespace, workload.Name, LabelSelector.Of(workload.Pods.Labels), null, new IntOrPercent(1, IsPercent: false));

    public static TopologySpread SpreadOf(string name, bool isRequired) =>
        new() { TopologyKey = Labels.Zone, MaxSkew = 1, IsRequired = isRequired, Selector = LabelSelector.Of(Labels.Of(("app", name))) };

    public static ClusterModel Change(this ClusterModel model, string workload, Func<Workload, Workload> change)
    {
        var old = model.Workloads.Single(one => one.Id == workload);
        return model with { Workloads = model.Workloads.Replace(old, change(old)) };
    }

    private static NodeGroup Group(string name, ImmutableArray<string> zones, int count) => new()
    {
        Name = name,
        Zones = zones,
        Min = count,
        Desired = count,
        Max = 4 * count,
        InstanceType = "m7i.xlarge",
        MinSetting = $"nodePools.{name.Split('-')[0]}.min",
        Template = new Node
        {
            Name = "",
            Zone = "",
            Allocatable = new Resources(4000, 16 * Gi, 80 * Gi),
            Labels = Labels.Of(("pool", name.Split('-')[0])),
        },
    };

    private static NamespaceQuota Quota(string name) => new(
        name, "quota",
        new Dictionary<string, decimal>
        {
            ["pods"] = 10,
            ["requests.cpu"] = 10,
            ["limits.cpu"] = 10,
            ["requests.memory"] = 10 * Gi,
            ["limits.memory"] = 10 * Gi,
            ["requests.ephemeral-storage"] = 10 * Gi,
            ["limits.ephemeral-storage"] = 10 * Gi,
        }.ToImmutableSortedDictionary(StringComparer.Ordinal),
        $"quotas.{name}");
}
