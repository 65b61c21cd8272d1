using System.Collections.Immutable;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Nodes;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using Pulumi;

namespace HaCluster.Stack.Edge;

/// <summary>Input of <see cref="ExternalDns"/>.</summary>
public sealed record ExternalDnsArgs
{
    /// <summary>Route 53 hosted zones by domain.</summary>
    public required ImmutableSortedDictionary<string, string> HostedZones { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }
}

/// <summary>
/// Creates the DNS records of the sites in Route 53. It never deletes: otherwise a Service that is deleted by mistake would take its
/// names along, and caches would keep that. One replica: it has no leader to elect, and while it is away names stay as they are.
/// </summary>
public sealed class ExternalDns : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:ExternalDns";

    private const string Name = "external-dns";

    public ExternalDns(string name, ExternalDnsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;
        var identity = new PodIdentity(
            name,
            new PodRoleArgs
            {
                Scope = foundation.Scope,
                Purpose = "Writes names of sites into the hosted zones of the settings",
                Namespace = ClusterNamespaces.Platform,
                ServiceAccount = Name,
                Policy = foundation.Scope.Account.Partition.Apply(partition => PolicyDocument.Json(ListZones(), Write(partition, args.HostedZones.Values))),
            },
            foundation.Cluster,
            new ComponentResourceOptions { Parent = this });
        _ = ChartRelease.Declare(
            name,
            new ChartReleaseArgs
            {
                Chart = Pins.ExternalDns,
                Name = Name,
                Namespace = ClusterNamespaces.Platform,
                Values = Values(args),
                Provider = foundation.Provider,
                After = [.. foundation.Ready, .. args.Platform.MonitorsReady, identity],
            },
            this);
        RegisterOutputs();
    }

    // https://github.com/kubernetes-sigs/external-dns/blob/external-dns-helm-chart-1.21.1/charts/external-dns/values.yaml
    private static Dictionary<string, object> Values(ExternalDnsArgs args) => new()
    {
        ["fullnameOverride"] = Name,
        ["serviceAccount"] = new Dictionary<string, object> { ["name"] = Name },
        ["provider"] = new Dictionary<string, object> { ["name"] = "aws" },
        ["env"] = new[] { new Dictionary<string, object> { ["name"] = "AWS_REGION", ["value"] = args.Foundation.Scope.Account.Region } },

        // The Service of the load balancer names all sites (see EdgeLoadBalancer).
        ["sources"] = new[] { "service" },
        ["policy"] = "upsert-only",
        ["registry"] = "txt",
        ["txtOwnerId"] = args.Foundation.Scope.ClusterName,
        ["domainFilters"] = args.HostedZones.Keys.ToArray(),
        ["extraArgs"] = args.HostedZones.Values.Select(zone => $"--zone-id-filter={zone}").ToArray(),
        ["logFormat"] = "json",
        ["priorityClassName"] = PriorityClasses.High,
        ["nodeSelector"] = new Dictionary<string, object> { [NodePool.Label] = NodePool.System },
        ["tolerations"] = new[] { new Dictionary<string, object> { ["key"] = NodePool.SystemTaint, ["operator"] = "Exists" } },
        ["resources"] = new ContainerSize("50m", "400m", "128Mi", "128Mi").Values(),
        ["serviceMonitor"] = new Dictionary<string, object> { ["enabled"] = true },
    };

    // https://github.com/kubernetes-sigs/external-dns/blob/external-dns-helm-chart-1.21.1/docs/tutorials/aws.md: this one cannot be narrowed.
    private static PolicyStatement ListZones() => new() { Sid = "ListZones", Actions = ["route53:ListHostedZones"], Resources = ["*"] };

    private static PolicyStatement Write(string partition, IEnumerable<string> zones) => new()
    {
        Sid = "ChangeRecords",
        Actions = ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets", "route53:ListTagsForResources"],
        Resources = [.. zones.Select(zone => $"arn:{partition}:route53:::hostedzone/{zone}")],
        Conditions =
        [
            new("ForAllValues:StringEquals", "route53:ChangeResourceRecordSetsActions", ["CREATE", "UPSERT"]),
            new("ForAllValues:StringEquals", "route53:ChangeResourceRecordSetsRecordTypes", ["A", "AAAA", "TXT"]),
        ],
    };
}
