using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Facts;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Services;

/// <summary>Aurora clusters with their instances, and whether an RDS Proxy is in front.</summary>
internal static class DatabaseReader
{
    private const string ClusterType = "aws:rds/cluster:Cluster";

    public static ImmutableArray<Database> Read(ResourceGraph graph, ModelDraft draft, SettingNames settings)
    {
        foreach (var other in graph.Resources.Where(resource => resource.Type == "aws:rds/instance:Instance"))
            draft.AddUnknown($"database {other.Name}", "RDS instances outside Aurora are not modelled");
        var proxied = graph.Resources.Where(resource => resource.Type == "aws:rds/proxyTarget:ProxyTarget")
            .Select(target => target.Inputs.At("dbClusterIdentifier").Text())
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. graph.Resources.Where(resource => resource.Type == ClusterType)
                .Select(cluster => Read(cluster, graph, proxied, settings))
                .OrderBy(database => database.Name, StringComparer.Ordinal),
        ];
    }

    private static Database Read(ResourceNode cluster, ResourceGraph graph, HashSet<string> proxied, SettingNames settings)
    {
        var name = cluster.Inputs.At("clusterIdentifier").Text() ?? cluster.Outputs.At("clusterIdentifier").Text() ?? cluster.Name;
        var engine = cluster.Inputs.At("engine").Text() ?? "aurora";
        var instances = graph.Resources
            .Where(resource => resource.Type == "aws:rds/clusterInstance:ClusterInstance" && resource.Inputs.At("clusterIdentifier").Text() == name)
            .Select(instance => new DatabaseInstance(
                instance.Inputs.At("identifier").Text() ?? instance.Name,
                instance.Inputs.At("availabilityZone").Text(),
                instance.Inputs.At("promotionTier").Integer() ?? 0))
            .OrderBy(instance => instance.Name, StringComparer.Ordinal);
        return new Database(name, engine, [.. instances], proxied.Contains(name), settings.OfReaders(engine));
    }
}
