using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Facts;

/// <summary>Something that runs, and what keeps it running.</summary>
/// <param name="Place">Namespace in the cluster, or the AWS service.</param>
/// <param name="Kind">Kind of the Kubernetes object; <c>chart</c> for a Helm release; what AWS calls it.</param>
/// <param name="Replicas">How many; null when it follows from nodes or the inside of a chart.</param>
/// <param name="Spread">How its replicas keep apart.</param>
/// <param name="Volume">Size of the volume of each replica, as written; null for none.</param>
/// <param name="HasBudget">Whether a disruption budget holds a drain back.</param>
public sealed record WorkloadFacts(
    string Place, string Name, string Kind, int? Replicas, WorkloadSpread Spread, string? Volume, bool HasBudget)
{
    private const string Zone = "topology.kubernetes.io/zone";

    internal static ImmutableArray<WorkloadFacts> Of(ResourceGraph graph)
    {
        var budgets = graph.Resources.Where(resource => resource.Type == "kubernetes:policy/v1:PodDisruptionBudget").ToList();
        return
        [
            .. graph.Resources.SelectMany(resource => Of(resource, graph, budgets))
                .OrderBy(workload => workload.Place, StringComparer.Ordinal)
                .ThenBy(workload => workload.Name, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<WorkloadFacts> Of(ResourceNode resource, ResourceGraph graph, List<ResourceNode> budgets)
    {
        switch (resource.Type)
        {
            case "kubernetes:apps/v1:Deployment" or "kubernetes:apps/v1:StatefulSet":
                yield return OfPods(resource, resource.Inputs.At("spec", "replicas").Integer() ?? 1, budgets);
                break;
            case "kubernetes:apps/v1:DaemonSet":
                yield return OfPods(resource, replicas: null, budgets);
                break;
            case "kubernetes:helm.sh/v3:Release":
                yield return new WorkloadFacts(
                    resource.Inputs.At("namespace").Text() ?? "default",
                    resource.Inputs.At("name").Text() ?? resource.Name,
                    "chart",
                    null,
                    WorkloadSpread.Inside,
                    null,
                    HasBudget: false);
                break;
            case "aws:rds/cluster:Cluster":
                yield return OfDatabase(resource, graph);
                break;
            case "aws:opensearch/domain:Domain":
                yield return OfSearch(resource);
                break;
        }
    }

    private static WorkloadFacts OfPods(ResourceNode resource, int? replicas, List<ResourceNode> budgets)
    {
        var spec = resource.Inputs.At("spec");
        var constraints = spec.At("template", "spec", "topologySpreadConstraints").Items().Where(one => one.At("topologyKey").Text() == Zone).ToList();
        var spread = constraints.Any(one => one.At("whenUnsatisfiable").Text() == "DoNotSchedule") ? WorkloadSpread.Required
            : constraints.Count > 0 ? WorkloadSpread.Preferred
            : WorkloadSpread.None;
        var volume = spec.At("volumeClaimTemplates").Items().Select(claim => claim.At("spec", "resources", "requests", "storage").Text()).FirstOrDefault();
        return new WorkloadFacts(
            Namespace(resource), NameOf(resource), resource.Type.Split(':')[^1], replicas, spread, volume, budgets.Any(budget => Covers(budget, resource)));
    }

    private static WorkloadFacts OfDatabase(ResourceNode cluster, ResourceGraph graph)
    {
        var identifier = cluster.Inputs.At("clusterIdentifier").Text();
        var instances = graph.Resources
            .Where(one => one.Type == "aws:rds/clusterInstance:ClusterInstance" && one.Inputs.At("clusterIdentifier").Text() == identifier)
            .ToList();
        var zones = instances.Select(one => one.Inputs.At("availabilityZone").Text()).Distinct().Count();
        return new WorkloadFacts(
            "RDS", identifier ?? cluster.Name, "database", instances.Count,
            zones > 1 ? WorkloadSpread.Required : WorkloadSpread.None, null, HasBudget: false);
    }

    private static WorkloadFacts OfSearch(ResourceNode domain)
    {
        var config = domain.Inputs.At("clusterConfig");
        var volume = domain.Inputs.At("ebsOptions", "volumeSize").Integer();
        return new WorkloadFacts(
            "OpenSearch", domain.Inputs.At("domainName").Text() ?? domain.Name, "domain", config.At("instanceCount").Integer(),
            config.At("zoneAwarenessEnabled").IsTrue() ? WorkloadSpread.Required : WorkloadSpread.None,
            volume is { } size ? string.Create(CultureInfo.InvariantCulture, $"{size}Gi") : null,
            HasBudget: false);
    }

    private static bool Covers(ResourceNode budget, ResourceNode workload)
    {
        var labels = workload.Inputs.At("spec", "template", "metadata", "labels").Entries().ToDictionary(entry => entry.Key, entry => entry.Value.Text());
        var selector = budget.Inputs.At("spec", "selector", "matchLabels").Entries().ToList();
        return selector.Count > 0
            && Namespace(budget) == Namespace(workload)
            && selector.All(entry => labels.GetValueOrDefault(entry.Key) is { } value && value == entry.Value.Text());
    }

    private static string Namespace(ResourceNode resource) =>
        resource.Inputs.At("metadata", "namespace").Text() ?? resource.Outputs.At("metadata", "namespace").Text() ?? "default";

    private static string NameOf(ResourceNode resource) =>
        resource.Inputs.At("metadata", "name").Text() ?? resource.Outputs.At("metadata", "name").Text() ?? resource.Name;
}
