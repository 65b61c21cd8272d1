using System.Collections.Frozen;
using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Costs.Pricers;

/// <summary>What Helm charts make in AWS, as far as their values say it: claims of volumes, and services with load balancers.</summary>
internal static class ChartCosts
{
    /// <summary>Charts of this product; by their own default values none makes a volume or a load balancer.</summary>
    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        StringComparer.Ordinal,
        "aws-load-balancer-controller", "cert-manager", "cluster-autoscaler", "external-dns", "external-secrets", "fluent-bit",
        "gateway-helm", "gitlab-runner", "k8s-ephemeral-storage-metrics", "kube-prometheus-stack", "prometheus-blackbox-exporter",
        "prometheus-operator-crds", "prometheus-yet-another-cloudwatch-exporter", "velero");

    public static void Add(ResourceNode release, CostSheet sheet)
    {
        var chart = (release.Inputs.At("chart").Text() ?? release.Name).Split('/')[^1];
        if (!Known.Contains(chart))
            sheet.Unknown(release, $"chart {chart}", "what it makes by itself is not known; what its values ask for is counted");
        Walk(release, chart, release.Inputs.At("values"), sheet);
    }

    private static void Walk(ResourceNode release, string name, PropertyValue? values, CostSheet sheet)
    {
        var replicas = values.At("replicas").Integer() ?? values.At("replicaCount").Integer() ?? 1;
        foreach (var (key, value) in values.Entries())
        {
            if (value.At("volumeClaimTemplate", "spec") is { } claim)
                ClaimCosts.Add(release, name, claim, replicas, sheet);
            else if (key is "persistence" or "persistentVolume" && value.At("enabled").IsTrue())
                ClaimCosts.Add(release, name, Claim(value), replicas, sheet);
            else if (key == "service" && value.At("type").Text() == "LoadBalancer")
                BalancerCosts.AddNetwork(release, name, isPublic: true, sheet);
            else
                Walk(release, Nested(name, key), value, sheet);
        }
    }

    /// <summary>The conventional short form, as <c>helm create</c> lays it out.</summary>
    private static PropertyValue.Map Claim(PropertyValue persistence)
    {
        var claim = ImmutableSortedDictionary.CreateBuilder<string, PropertyValue>(StringComparer.Ordinal);
        if (persistence.At("size") is { } size)
            claim["resources"] = Map("requests", Map("storage", size));
        if ((persistence.At("storageClassName") ?? persistence.At("storageClass")) is { } storageClass)
            claim["storageClassName"] = storageClass;
        return new PropertyValue.Map(claim.ToImmutable());
    }

    private static PropertyValue.Map Map(string key, PropertyValue value) =>
        new(ImmutableSortedDictionary.Create<string, PropertyValue>(StringComparer.Ordinal).Add(key, value));

    /// <summary><c>prometheus.prometheusSpec</c> is called <c>prometheus</c>.</summary>
    private static string Nested(string name, string key) => key.EndsWith("Spec", StringComparison.Ordinal) ? name : key;
}
