using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Apps.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Policy.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Workloads;

/// <summary>What our own services have in common: replicas over the zones, replaced one by one, in pods that may do nothing they need not.</summary>
internal sealed record OwnService
{
    /// <summary>Of its Deployment, its Service and its disruption budget.</summary>
    public required string Name { get; init; }

    public required string Namespace { get; init; }

    /// <summary>By which its pods are found.</summary>
    public required (string Name, string Value) Label { get; init; }

    public required Foundation Foundation { get; init; }

    public required ComponentResource Parent { get; init; }

    public ObjectMetaArgs Metadata => new() { Name = Name, Namespace = Namespace };

    private InputMap<string> Labels => new() { [Label.Name] = Label.Value };

    public Kubernetes.Apps.V1.Deployment Deployment(int replicas, PodSpecArgs pod, params Resource[] after) => new(
        Name,
        new DeploymentArgs
        {
            Metadata = Metadata,
            Spec = new DeploymentSpecArgs
            {
                Replicas = replicas,
                Selector = new LabelSelectorArgs { MatchLabels = Labels },
                Strategy = new DeploymentStrategyArgs
                {
                    Type = "RollingUpdate",
                    RollingUpdate = new RollingUpdateDeploymentArgs { MaxSurge = 1, MaxUnavailable = 0 },
                },
                MinReadySeconds = 10,
                Template = new PodTemplateSpecArgs { Metadata = new ObjectMetaArgs { Labels = Labels }, Spec = pod },
            },
        },
        Child(after));

    /// <summary>A pod without what it runs.</summary>
    /// <param name="graceSeconds">How long it may take to end.</param>
    public PodSpecArgs Pod(string serviceAccount, string priority, int graceSeconds) => new()
    {
        ServiceAccountName = serviceAccount,
        // It never calls Kubernetes; the token of pod identity is another one.
        AutomountServiceAccountToken = false,
        EnableServiceLinks = false,
        PriorityClassName = priority,
        TerminationGracePeriodSeconds = graceSeconds,
        TopologySpreadConstraints = ZoneSpread.Of(Foundation.Zones, Label).Typed(),
        SecurityContext = Hardening.Pod(OwnImage.User, OwnImage.User),
    };

    /// <summary>The address of its replicas, once there are some.</summary>
    public void Service(string resource, IEnumerable<(string Name, int Number)> ports, Kubernetes.Apps.V1.Deployment deployment) => _ = new Kubernetes.Core.V1.Service(
        resource,
        new ServiceArgs
        {
            Metadata = Metadata,
            Spec = new ServiceSpecArgs
            {
                Selector = Labels,
                Ports = ports.Select(port => new ServicePortArgs { Name = port.Name, Port = port.Number, TargetPort = port.Name }).ToArray(),
            },
        },
        Child(deployment));

    public void DisruptionBudget(string resource) => _ = new Kubernetes.Policy.V1.PodDisruptionBudget(
        resource,
        new PodDisruptionBudgetArgs
        {
            Metadata = Metadata,
            Spec = new PodDisruptionBudgetSpecArgs
            {
                MaxUnavailable = 1,
                // While the database or the archive is away no replica is ready, and none of them would be missed.
                UnhealthyPodEvictionPolicy = "AlwaysAllow",
                Selector = new LabelSelectorArgs { MatchLabels = Labels },
            },
        },
        Child());

    public CustomResourceOptions Child(params Resource[] after) =>
        new() { Parent = Parent, Provider = Foundation.Provider, DependsOn = [.. after, .. Foundation.Ready] };
}
