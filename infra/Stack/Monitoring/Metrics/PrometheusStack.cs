using System.Collections.Immutable;
using HaCluster.Stack.Alarms;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Monitoring.Alerting;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Monitoring;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using Pulumi;

namespace HaCluster.Stack.Monitoring.Metrics;

/// <summary>Input of <see cref="PrometheusStack"/>.</summary>
public sealed record PrometheusStackArgs
{
    public required MonitoringSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    public required AlarmTopics Alarms { get; init; }
}

/// <summary>Prometheus, Alertmanager, Grafana and the exporters of node and object metrics, with their secrets and identity.</summary>
public sealed class PrometheusStack : ComponentResource
{
    public const string TypeToken = "ha-cluster:monitoring:Prometheus";

    public PrometheusStack(string name, PrometheusStackArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var child = new ComponentResourceOptions { Parent = this };
        var foundation = args.Foundation;
        var identity = Publisher(args, child);
        var login = new GeneratedSecret(
            MonitoringNames.GrafanaLogin,
            new GeneratedSecretArgs
            {
                Foundation = foundation,
                Platform = args.Platform,
                Namespace = ClusterNamespaces.Monitoring,
                SecretName = MonitoringNames.GrafanaLogin,
                Data = ImmutableSortedDictionary.CreateRange<string, string>(
                    StringComparer.Ordinal, [new("admin-user", "admin"), new("admin-password", "{{ .password }}")]),
            },
            child);
        var secrets = ImmutableArray.Create<Resource>(login);
        if (args.Settings.Slack.Secret is { } source)
            secrets = secrets.Add(Webhooks(args, source, child));

        Release = ChartRelease.Declare(
            name,
            new ChartReleaseArgs
            {
                Chart = Pins.KubePrometheusStack,
                Name = MonitoringNames.Stack,
                Namespace = ClusterNamespaces.Monitoring,
                Values = Values(args),
                Provider = foundation.Provider,
                After = [.. foundation.Ready, .. args.Platform.MonitorsReady, .. secrets, identity],
                // Six volumes are made, each after its pod has a node, and a node may have to be added first.
                TimeoutSeconds = 1200,
            },
            this);
        RegisterOutputs();
    }

    /// <summary>Resources that must exist before anything queries Prometheus or Alertmanager.</summary>
    public Resource Release { get; }

    private static PodIdentity Publisher(PrometheusStackArgs args, ComponentResourceOptions options) => new(
        "alertmanager",
        new PodRoleArgs
        {
            Scope = args.Foundation.Scope,
            Purpose = "Sends critical alerts and the heartbeat of monitoring",
            Namespace = ClusterNamespaces.Monitoring,
            ServiceAccount = MonitoringNames.AlertmanagerAccount,
            Policy = Output.Tuple(args.Alarms.CriticalArn, args.Alarms.HeartbeatArn, args.Foundation.Keys.Alarms.Arn).Apply(arns => PolicyDocument.Json(
                new PolicyStatement { Sid = "PublishAlarms", Actions = ["sns:Publish"], Resources = [arns.Item1, arns.Item2] },
                new PolicyStatement { Sid = "UseKey", Actions = ["kms:Decrypt", "kms:GenerateDataKey"], Resources = [arns.Item3] })),
        },
        args.Foundation.Cluster,
        options);

    // One file per channel. The property with the name of the channel is its webhook; the property `webhook` is for all others. `index` gives
    // nothing for a property that is not there, where a dot would be an error.
    private static DeliveredSecret Webhooks(PrometheusStackArgs args, string source, ComponentResourceOptions options) => new(
        MonitoringNames.SlackSecret,
        new DeliveredSecretArgs
        {
            Foundation = args.Foundation,
            Platform = args.Platform,
            Namespace = ClusterNamespaces.Monitoring,
            SecretName = MonitoringNames.SlackSecret,
            Source = source,
            Data = args.Settings.Slack.Channels.ToImmutableSortedDictionary(
                channel => channel.Key,
                channel => $"{{{{ index . \"{channel.Key}\" | default (index . \"webhook\") }}}}",
                StringComparer.Ordinal),
        },
        options);

    private static Dictionary<string, object> Values(PrometheusStackArgs args)
    {
        var zones = args.Foundation.Zones;
        var config = new AlertmanagerConfig(new AlertmanagerConfigArgs
        {
            Slack = args.Settings.Slack,
            CriticalTopic = args.Alarms.CriticalArn,
            HeartbeatTopic = args.Alarms.HeartbeatArn,
            Region = args.Foundation.Scope.Account.Region,
        });
        return new Dictionary<string, object>
        {
            ["fullnameOverride"] = MonitoringNames.Stack,
            // Platform installs the CRDs: other parts declare monitors too, and must not wait for this release.
            ["crds"] = Off(),
            // EKS hides these, and kube-proxy answers on its node's loopback only: watched, they would be down forever.
            ["kubeControllerManager"] = Off(),
            ["kubeScheduler"] = Off(),
            ["kubeEtcd"] = Off(),
            ["kubeProxy"] = Off(),
            ["defaultRules"] = DefaultRules(),
            ["prometheus"] = PrometheusValues.Prometheus(args.Settings, args.Foundation.Scope.ClusterName, zones),
            ["prometheusOperator"] = PrometheusValues.Operator(),
            ["alertmanager"] = AlertmanagerValues.Of(args.Settings, config, zones),
            ["grafana"] = GrafanaValues.Of(args.Settings.Links, zones),
            ["kubelet"] = ExporterValues.Kubelet(),
            ["kube-state-metrics"] = ExporterValues.KubeStateMetrics(),
            ["prometheus-node-exporter"] = ExporterValues.NodeExporter(),
        };
    }

    private static Dictionary<string, object> DefaultRules() => new()
    {
        ["rules"] = new Dictionary<string, object>
        {
            ["etcd"] = false,
            ["kubeControllerManager"] = false,
            ["kubeProxy"] = false,
            ["kubeSchedulerAlerting"] = false,
            ["kubeSchedulerRecording"] = false,
            ["windows"] = false,
        },
        // Routes look at the team; the rules of others have none.
        ["additionalRuleLabels"] = new Dictionary<string, object> { ["team"] = "platform" },
    };

    private static Dictionary<string, object> Off() => new() { ["enabled"] = false };
}
