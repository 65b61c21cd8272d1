using HaCluster.Stack.Identities;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;

namespace HaCluster.Stack.Monitoring.Metrics;

/// <summary>
/// CloudWatch metrics of the AWS resources of this cluster: databases, OpenSearch, NAT gateways, load balancers. One pod, because every request
/// costs money; it reads them every five minutes.
/// </summary>
public sealed class CloudWatchExporter : ComponentResource
{
    public const string TypeToken = "ha-cluster:monitoring:CloudWatch";

    private const string Name = "cloudwatch-exporter";
    private const int User = 65534;

    public CloudWatchExporter(string name, Foundation foundation, PlatformServices platform, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var scope = foundation.Scope;
        var identity = new PodIdentity(
            Name,
            new PodRoleArgs
            {
                Scope = scope,
                Purpose = "Reads metrics of AWS services",
                Namespace = ClusterNamespaces.Monitoring,
                ServiceAccount = Name,
                Policy = Output.Create(PolicyDocument.Json(Read(scope.Account.Region))),
            },
            foundation.Cluster,
            new ComponentResourceOptions { Parent = this });
        _ = ChartRelease.Declare(
            Name,
            new ChartReleaseArgs
            {
                Chart = Pins.CloudWatchExporter,
                Name = Name,
                Namespace = ClusterNamespaces.Monitoring,
                Values = Values(scope.Account.Region, scope.ClusterName),
                Provider = foundation.Provider,
                After = [.. foundation.Ready, .. platform.MonitorsReady, identity],
            },
            this);
        RegisterOutputs();
    }

    // None of the three supports resources, only conditions on the region:
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html and .../list_amazonresourcegrouptaggingapi.html
    private static PolicyStatement Read(string region) => new()
    {
        Sid = "ReadMetrics",
        Actions = ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "tag:GetResources"],
        Resources = ["*"],
        Conditions = [PolicyCondition.Is("aws:RequestedRegion", region)],
    };

    // https://github.com/prometheus-community/helm-charts/blob/main/charts/prometheus-yet-another-cloudwatch-exporter/values.yaml
    private static Dictionary<string, object> Values(string region, string cluster) => new()
    {
        ["fullnameOverride"] = Name,
        ["serviceAccount"] = new Dictionary<string, object> { ["name"] = Name },
        ["extraEnv"] = new[] { new Dictionary<string, object> { ["name"] = "AWS_REGION", ["value"] = region } },
        ["config"] = CloudWatchJobs.Text(region, cluster),
        ["resources"] = MonitoringSizes.CloudWatch.Values(),
        ["podSecurityContext"] = Hardening.PodValues(User),
        ["securityContext"] = Hardening.ContainerValues(),
        ["serviceMonitor"] = new Dictionary<string, object> { ["enabled"] = true, ["interval"] = "60s" },
        ["testConnection"] = false,
    };
}
