using System.Globalization;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Settings.Network;
using HaCluster.Stack.Software;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Guardrails;

/// <summary>Input of <see cref="GuardedNamespace"/>.</summary>
public sealed record GuardedNamespaceArgs
{
    public required NamespaceProfile Profile { get; init; }

    public required ClusterVersion Version { get; init; }

    public required CidrPlan Addresses { get; init; }

    /// <summary>Cluster addresses of services.</summary>
    public required Ipv4Cidr ServiceCidr { get; init; }

    public required Kubernetes.Provider Provider { get; init; }
}

/// <summary>A namespace with its quota, its defaults and maxima for containers, and its network policies.</summary>
public sealed class GuardedNamespace : ComponentResource
{
    public const string TypeToken = "ha-cluster:guardrails:Namespace";

    private const string PodSecurityLabel = "pod-security.kubernetes.io";

    // What a loop could make without end. What others make of these (ReplicaSets, EndpointSlices) follows from them.
    private static readonly string[] CountedObjects =
    [
        "configmaps", "secrets", "serviceaccounts", "services", "cronjobs.batch", "jobs.batch", "daemonsets.apps", "deployments.apps",
        "statefulsets.apps", "horizontalpodautoscalers.autoscaling", "ingresses.networking.k8s.io", "leases.coordination.k8s.io",
        "networkpolicies.networking.k8s.io", "poddisruptionbudgets.policy", "rolebindings.rbac.authorization.k8s.io", "roles.rbac.authorization.k8s.io",
    ];

    // A load balancer in instance mode uses a node port for each of its ports.
    private const int PortsOfLoadBalancer = 5;

    public GuardedNamespace(string name, GuardedNamespaceArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var profile = args.Profile;
        var child = new CustomResourceOptions { Parent = this, Provider = args.Provider };

        Namespace = new Kubernetes.Core.V1.Namespace(
            name,
            new NamespaceArgs
            {
                Metadata = new ObjectMetaArgs
                {
                    Name = profile.Name,
                    Labels = Labels(profile, args.Version.Kubernetes),
                    Annotations = { ["ha-cluster/purpose"] = profile.Purpose },
                },
            },
            child);
        _ = new Kubernetes.Core.V1.ResourceQuota(
            name,
            new ResourceQuotaArgs { Metadata = Metadata("quota"), Spec = new ResourceQuotaSpecArgs { Hard = Hard(profile.Quota) } },
            child);
        if (HigherClasses(profile.Priority) is { Length: > 0 } classes)
            DenyOtherPriorities(name, classes, child);
        _ = new Kubernetes.Core.V1.LimitRange(
            name,
            new LimitRangeArgs { Metadata = Metadata("limits"), Spec = Limits(profile.Quota) },
            child);
        _ = new NamespaceFirewall(
            name,
            new NamespaceFirewallArgs
            {
                Namespace = Namespace,
                Profile = profile,
                Addresses = args.Addresses,
                ServiceCidr = args.ServiceCidr,
                Provider = args.Provider,
            },
            new ComponentResourceOptions { Parent = this });
        RegisterOutputs();
    }

    /// <summary>The namespace itself; depend on it, or name it, to be declared after it.</summary>
    public Kubernetes.Core.V1.Namespace Namespace { get; }

    private ObjectMetaArgs Metadata(string name) => new()
    {
        Name = name,
        Namespace = Namespace.Metadata.Apply(metadata => metadata.Name),
    };

    // Warnings and audit entries are a level stricter where the level allows: what would be refused next is seen before.
    private static Dictionary<string, string> Labels(NamespaceProfile profile, string kubernetes)
    {
        var enforced = LevelName(profile.PodSecurity);
        var watched = LevelName(profile.PodSecurity == PodSecurity.Privileged ? PodSecurity.Baseline : PodSecurity.Restricted);
        return new Dictionary<string, string>
        {
            ["app.kubernetes.io/part-of"] = "ha-cluster",
            [$"{PodSecurityLabel}/enforce"] = enforced,
            [$"{PodSecurityLabel}/enforce-version"] = $"v{kubernetes}",
            [$"{PodSecurityLabel}/warn"] = watched,
            [$"{PodSecurityLabel}/warn-version"] = $"v{kubernetes}",
            [$"{PodSecurityLabel}/audit"] = watched,
            [$"{PodSecurityLabel}/audit-version"] = $"v{kubernetes}",
        };
    }

    private static string LevelName(PodSecurity level) => level switch
    {
        PodSecurity.Privileged => "privileged",
        PodSecurity.Baseline => "baseline",
        _ => "restricted",
    };

    // Kubernetes lets any pod use any priority class; only a quota can restrict that. The error message contains the name of the quota.
    private void DenyOtherPriorities(string name, string[] classes, CustomResourceOptions child) => _ = new Kubernetes.Core.V1.ResourceQuota(
        $"{name}-priority",
        new ResourceQuotaArgs
        {
            Metadata = Metadata("use-a-lower-priority-class"),
            Spec = new ResourceQuotaSpecArgs
            {
                Hard = { ["pods"] = "0" },
                ScopeSelector = new ScopeSelectorArgs
                {
                    MatchExpressions = { new ScopedResourceSelectorRequirementArgs { ScopeName = "PriorityClass", Operator = "In", Values = classes } },
                },
            },
        },
        child);

    private static string[] HigherClasses(PodPriority highest) => highest switch
    {
        PodPriority.Critical => [],
        PodPriority.High => [PriorityClasses.Critical],
        _ => [PriorityClasses.Critical, PriorityClasses.High],
    };

    private static Dictionary<string, string> Hard(Quota quota) => new(
        CountedObjects.Select(kind => KeyValuePair.Create($"count/{kind}", Number(quota.Objects))))
    {
        ["requests.cpu"] = quota.Cpu.ToString(),
        ["limits.cpu"] = quota.CpuLimit.ToString(),
        ["requests.memory"] = quota.Memory.ToString(),
        ["limits.memory"] = quota.MemoryLimit.ToString(),
        ["requests.ephemeral-storage"] = quota.EphemeralStorage.ToString(),
        ["limits.ephemeral-storage"] = quota.EphemeralStorageLimit.ToString(),
        ["requests.storage"] = quota.Storage.ToString(),
        ["persistentvolumeclaims"] = Number(quota.Volumes),
        ["pods"] = Number(quota.Pods),
        ["services.loadbalancers"] = Number(quota.LoadBalancers),
        ["services.nodeports"] = Number(quota.LoadBalancers * PortsOfLoadBalancer),
    };

    // For ephemeral storage a quota alone does not make pods declare any: without defaults they would pass it by.
    private static LimitRangeSpecArgs Limits(Quota quota) => new()
    {
        Limits =
        {
            new LimitRangeItemArgs
            {
                Type = "Container",
                DefaultRequest =
                {
                    ["cpu"] = Smaller(Quota.DefaultCpuRequest, quota.Container.Cpu),
                    ["memory"] = Smaller(Quota.DefaultMemoryRequest, quota.Container.Memory),
                    ["ephemeral-storage"] = Smaller(Quota.DefaultEphemeralStorageRequest, quota.Container.EphemeralStorage),
                },
                Default =
                {
                    ["cpu"] = Smaller(Quota.DefaultCpuLimit, quota.Container.Cpu),
                    ["memory"] = Smaller(Quota.DefaultMemoryLimit, quota.Container.Memory),
                    ["ephemeral-storage"] = Smaller(Quota.DefaultEphemeralStorageLimit, quota.Container.EphemeralStorage),
                },
                Max =
                {
                    ["cpu"] = quota.Container.Cpu.ToString(),
                    ["memory"] = quota.Container.Memory.ToString(),
                    ["ephemeral-storage"] = quota.Container.EphemeralStorage.ToString(),
                },
            },
            new LimitRangeItemArgs
            {
                Type = "PersistentVolumeClaim",
                Max = { ["storage"] = quota.LargestVolume.ToString() },
            },
        },
    };

    // The API server refuses a default above the maximum.
    private static string Smaller(Quantity one, Quantity other) => (one < other ? one : other).ToString();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
