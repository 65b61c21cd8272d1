using System.Security.Cryptography;
using System.Text;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Apps.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Policy.V1;
using Pulumi.Kubernetes.Types.Inputs.Rbac.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Monitoring.Events;

/// <summary>
/// Events of Kubernetes that people should know of, as alerts. Fluent Bit reads them and sends them to Alertmanager, so that they are grouped,
/// silenced and rate-limited like all alerts, and no second program needs a webhook. The exporter that most guides name
/// (resmoio/kubernetes-event-exporter) has had no release since 2024.
/// </summary>
public sealed class EventExporter : ComponentResource
{
    public const string TypeToken = "ha-cluster:monitoring:Events";

    private const string Name = "events";
    private const string Folder = "/fluent-bit/etc/events";
    private const int Replicas = 2;
    private const int User = 65534;

    private readonly Foundation _foundation;

    public EventExporter(string name, Foundation foundation, Resource alertmanager, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _foundation = foundation;
        var pipeline = EventPipeline.Text(Folder);
        var script = EventScript.Text(foundation.Scope.ClusterName);
        var config = new Kubernetes.Core.V1.ConfigMap(
            Name,
            new ConfigMapArgs { Metadata = Meta(), Data = { [EventPipeline.FileName] = pipeline, [EventScript.FileName] = script } },
            Child());
        var account = Account();
        _ = new Kubernetes.Policy.V1.PodDisruptionBudget(
            Name,
            new PodDisruptionBudgetArgs
            {
                Metadata = Meta(),
                Spec = new PodDisruptionBudgetSpecArgs { MaxUnavailable = 1, Selector = Selector() },
            },
            Child());
        _ = new Kubernetes.Apps.V1.Deployment(
            Name,
            new DeploymentArgs
            {
                Metadata = Meta(),
                Spec = new DeploymentSpecArgs
                {
                    Replicas = Replicas,
                    Selector = Selector(),
                    Template = new PodTemplateSpecArgs
                    {
                        Metadata = new ObjectMetaArgs
                        {
                            Labels = Labels(),
                            // Fluent Bit reads its files at the start only.
                            Annotations = { ["ha-cluster/config"] = Digest(pipeline + script) },
                        },
                        Spec = Pod(),
                    },
                },
            },
            Child(config, account, alertmanager));
        RegisterOutputs();
    }

    private Kubernetes.Core.V1.ServiceAccount Account()
    {
        var account = new Kubernetes.Core.V1.ServiceAccount(Name, new ServiceAccountArgs { Metadata = Meta() }, Child());
        var clusterName = $"{ClusterNamespaces.Monitoring}-{Name}";
        var role = new Kubernetes.Rbac.V1.ClusterRole(
            Name,
            new ClusterRoleArgs
            {
                Metadata = new ObjectMetaArgs { Name = clusterName },
                Rules = { new PolicyRuleArgs { ApiGroups = { "" }, Resources = { "events" }, Verbs = { "get", "list", "watch" } } },
            },
            Child());
        _ = new Kubernetes.Rbac.V1.ClusterRoleBinding(
            Name,
            new ClusterRoleBindingArgs
            {
                Metadata = new ObjectMetaArgs { Name = clusterName },
                RoleRef = new RoleRefArgs { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = clusterName },
                Subjects = { new SubjectArgs { Kind = "ServiceAccount", Name = Name, Namespace = ClusterNamespaces.Monitoring } },
            },
            Child(role, account));
        return account;
    }

    private PodSpecArgs Pod() => new()
    {
        ServiceAccountName = Name,
        SecurityContext = Hardening.Pod(User),
        TopologySpreadConstraints = ZoneSpread.Of(_foundation.Zones, ("app.kubernetes.io/name", Name)).Typed(),
        Containers =
        {
            new ContainerArgs
            {
                Name = "fluent-bit",
                Image = Pins.FluentBitImage,
                Command = { "/fluent-bit/bin/fluent-bit" },
                Args = { $"--config={Folder}/{EventPipeline.FileName}" },
                Ports = { new ContainerPortArgs { Name = "http", ContainerPortValue = EventPipeline.HealthPort } },
                Resources = MonitoringSizes.Events.Typed(),
                SecurityContext = Hardening.Container(),
                // Whether it can deliver is not its fault: a restart would only lose what waits to be sent.
                ReadinessProbe = Probe("/api/v1/health"),
                LivenessProbe = Probe("/"),
                VolumeMounts = { new VolumeMountArgs { Name = "config", MountPath = Folder, ReadOnly = true } },
            },
        },
        Volumes = { new VolumeArgs { Name = "config", ConfigMap = new ConfigMapVolumeSourceArgs { Name = Name } } },
    };

    private static ProbeArgs Probe(string path) => new()
    {
        HttpGet = new HTTPGetActionArgs { Path = path, Port = EventPipeline.HealthPort },
        InitialDelaySeconds = 10,
        PeriodSeconds = 15,
        FailureThreshold = 6,
    };

    private static ObjectMetaArgs Meta() => new() { Name = Name, Namespace = ClusterNamespaces.Monitoring, Labels = Labels() };

    private static InputMap<string> Labels() => new() { ["app.kubernetes.io/name"] = Name };

    private static LabelSelectorArgs Selector() => new() { MatchLabels = Labels() };

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private CustomResourceOptions Child(params Resource[] after) => new()
    {
        Parent = this,
        Provider = _foundation.Provider,
        DependsOn = [.. _foundation.Ready, .. after],
    };
}
