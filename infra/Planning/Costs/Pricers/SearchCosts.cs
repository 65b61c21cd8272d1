using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Costs.Pricers;

/// <summary>OpenSearch domains and the pipelines that feed them.</summary>
internal static class SearchCosts
{
    public static void AddDomain(ResourceNode domain, CostSheet sheet)
    {
        var config = domain.Inputs.At("clusterConfig");
        var nodes = config.At("instanceCount").Integer() ?? 1;
        ImmutableArray<string> zones =
            config.At("zoneAwarenessEnabled").IsTrue() ? sheet.Subnets.ZonesOf(domain.Inputs.At("vpcOptions", "subnetIds").Texts()) : [];
        Add("data node", config.At("instanceType").Text() ?? "m4.large.search", nodes, CostRole.SearchNode);
        if (config.At("dedicatedMasterEnabled").IsTrue())
        {
            var masters = config.At("dedicatedMasterCount").Integer() ?? 3;
            Add("dedicated master", config.At("dedicatedMasterType").Text() ?? "", masters, CostRole.SearchMaster);
        }


        if (config.At("warmEnabled").IsTrue() || config.At("coldStorageOptions", "enabled").IsTrue())
            sheet.Unknown(domain, domain.Name, "warm and cold storage is not priced");

        var disk = domain.Inputs.At("ebsOptions");
        if (disk.At("ebsEnabled").IsTrue())
        {
            var item = $"opensearch:{disk.At("volumeType").Text() ?? "gp2"}";
            sheet.Add(domain, new CostItem($"{domain.Name}: storage", item, nodes * (disk.At("volumeSize").Integer() ?? 0))
            {
                Role = CostRole.SearchNode,
                Subject = domain.Name,
                Zones = zones,
            });
        }

        void Add(string what, string type, int count, CostRole role) =>
            sheet.Add(domain, new CostItem($"{domain.Name}: {what} {type}", $"opensearch:{type}", count)
            {
                Role = role,
                Subject = domain.Name,
                Zones = zones,
            });
    }

    public static void AddPipeline(ResourceNode pipeline, CostSheet sheet)
    {
        var least = pipeline.Inputs.At("minUnits").Integer() ?? 1;
        var units = new CostRange(least, pipeline.Inputs.At("maxUnits").Integer() ?? least);
        sheet.Add(pipeline, new CostItem($"{pipeline.Name}: ingestion OCUs", "opensearch-ingestion:ocu", units));
    }
}
