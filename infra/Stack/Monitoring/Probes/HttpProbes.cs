using System.Collections.Immutable;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Settings.Sites;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Monitoring.Probes;

/// <summary>Input of <see cref="HttpProbes"/>.</summary>
public sealed record HttpProbesArgs
{
    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    public required ImmutableArray<SiteSettings> Sites { get; init; }

    /// <summary>URLs in addition to those of the sites.</summary>
    public required ImmutableArray<string> Addresses { get; init; }
}

/// <summary>
/// Asks every site as a visitor would: through its public name, the load balancer and the gateway. Gives status, time to answer and the end of
/// the certificate (<c>probe_success</c>, <c>probe_http_status_code</c>, <c>probe_duration_seconds</c>, <c>probe_ssl_earliest_cert_expiry</c>).
/// </summary>
public sealed class HttpProbes : ComponentResource
{
    public const string TypeToken = "ha-cluster:monitoring:Probes";

    private const int Replicas = 2;
    private const int Port = 9115;
    private const string Module = "http_2xx";

    public HttpProbes(string name, HttpProbesArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var release = ChartRelease.Declare(
            MonitoringNames.Blackbox,
            new ChartReleaseArgs
            {
                Chart = Pins.BlackboxExporter,
                Name = MonitoringNames.Blackbox,
                Namespace = ClusterNamespaces.Monitoring,
                Values = Values(args.Foundation.Zones),
                Provider = args.Foundation.Provider,
                After = [.. args.Foundation.Ready, .. args.Platform.MonitorsReady],
            },
            this);
        foreach (var site in args.Sites)
        {
            var labels = new Dictionary<string, object> { ["site"] = site.Name, ["team"] = site.Service.Team };
            Declare($"site-{site.Name}", [$"https://{site.Domain}"], labels, args, release);
        }

        if (!args.Addresses.IsEmpty)
            Declare("addresses", args.Addresses, [], args, release);

        RegisterOutputs();
    }

    private void Declare(string name, ImmutableArray<string> targets, Dictionary<string, object> labels, HttpProbesArgs args, Resource prober)
    {
        var list = new Dictionary<string, object> { ["static"] = targets.ToArray() };
        if (labels.Count > 0)
            list["labels"] = labels;
        _ = new Kubernetes.ApiExtensions.CustomResource(
            $"probe-{name}",
            new ProbeArgs
            {
                Metadata = new ObjectMetaArgs { Name = name, Namespace = ClusterNamespaces.Monitoring },
                Spec = new Dictionary<string, object>
                {
                    ["jobName"] = "probe",
                    ["module"] = Module,
                    ["interval"] = "30s",
                    ["scrapeTimeout"] = "15s",
                    ["prober"] = new Dictionary<string, object> { ["url"] = $"{MonitoringNames.Blackbox}.{ClusterNamespaces.Monitoring}.svc:{Port}" },
                    ["targets"] = new Dictionary<string, object> { ["staticConfig"] = list },
                },
            },
            new CustomResourceOptions { Parent = this, Provider = args.Foundation.Provider, DependsOn = { prober } });
    }

    // https://github.com/prometheus-community/helm-charts/blob/main/charts/prometheus-blackbox-exporter/values.yaml
    private static Dictionary<string, object> Values(int zones) => new()
    {
        ["fullnameOverride"] = MonitoringNames.Blackbox,
        ["replicas"] = Replicas,
        ["config"] = new Dictionary<string, object>
        {
            ["modules"] = new Dictionary<string, object>
            {
                [Module] = new Dictionary<string, object>
                {
                    ["prober"] = "http",
                    ["timeout"] = "10s",
                    ["http"] = new Dictionary<string, object>
                    {
                        ["valid_http_versions"] = new[] { "HTTP/1.1", "HTTP/2.0" },
                        ["follow_redirects"] = true,
                        ["preferred_ip_protocol"] = "ip4",
                    },
                },
            },
        },
        ["serviceMonitor"] = new Dictionary<string, object> { ["selfMonitor"] = new Dictionary<string, object> { ["enabled"] = true } },
        ["resources"] = MonitoringSizes.Blackbox.Values(),
        ["podSecurityContext"] = new Dictionary<string, object>
        {
            ["seccompProfile"] = new Dictionary<string, object> { ["type"] = "RuntimeDefault" },
        },
        ["podDisruptionBudget"] = new Dictionary<string, object> { ["maxUnavailable"] = 1 },
        ["topologySpreadConstraints"] = ZoneSpread.Of(zones, ("app.kubernetes.io/instance", MonitoringNames.Blackbox)).Values(),
    };
}
