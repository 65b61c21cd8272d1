using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Capacity;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Usage;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Costs.Pricers;

/// <summary>Aurora: instances, storage, proxies, and the secret of the master password.</summary>
internal static class DatabaseCosts
{
    private const string InstanceType = "aws:rds/clusterInstance:ClusterInstance";
    private const int FreeInsightDays = 7;

    public static void AddCluster(ResourceNode cluster, CostSheet sheet)
    {
        var name = cluster.Name;
        if (cluster.Inputs.At("manageMasterUserPassword").IsTrue())
            sheet.Add(cluster, new CostItem($"{name}: administrator secret", "secrets:secret", 1));
        if (cluster.Inputs.At("storageType").Text() is { } storage and not "aurora")
        {
            sheet.Unknown(cluster, name, $"instances and storage of type {storage} have prices of their own, which are not in the file");
            return;
        }

        sheet.Assume(cluster, UsageCatalog.DatabaseStorage, what: $"{name}: {UsageCatalog.DatabaseStorage.What}");
        sheet.Assume(cluster, UsageCatalog.DatabaseIo, what: $"{name}: {UsageCatalog.DatabaseIo.What}");
        sheet.Assume(cluster, UsageCatalog.DatabaseBackups, what: $"{name}: {UsageCatalog.DatabaseBackups.What}");
    }

    public static void AddInstance(ResourceNode instance, CostSheet sheet)
    {
        var cluster = ClusterOf(instance, sheet);
        var name = cluster?.Name ?? instance.Name;
        if (instance.Inputs.At("instanceClass").Text() is not { } instanceClass)
        {
            sheet.Unknown(instance, name, "an instance without a class");
            return;
        }

        if (cluster?.Inputs.At("storageType").Text() is { } storage and not "aurora")
            return;
        var engine = instance.Inputs.At("engine").Text() ?? "";
        if (!engine.StartsWith("aurora", StringComparison.Ordinal))
        {
            sheet.Unknown(instance, name, $"instances of {engine} have prices of their own, which are not in the file");
        }
        else
        {
            sheet.Add(instance, new CostItem($"{name}: {instanceClass}", $"aurora:{instanceClass}", 1)
            {
                Role = CostRole.DatabaseInstance,
                Subject = name,
                Zones = ZoneOf(instance),
            });
        }

        if (instance.Inputs.At("performanceInsightsRetentionPeriod").Integer() > FreeInsightDays)
            sheet.Unknown(instance, name, $"Performance Insights kept for more than {FreeInsightDays} days costs by vCPU and month");
    }

    /// <summary>Charged by the vCPUs of the instances behind it: https://aws.amazon.com/rds/proxy/pricing/</summary>
    public static void AddProxy(ResourceNode proxy, CostSheet sheet)
    {
        var proxyName = proxy.Inputs.At("name").Text();
        var clusters = sheet.OfType("aws:rds/proxyTarget:ProxyTarget")
            .Where(target => target.Inputs.At("dbProxyName").Text() == proxyName)
            .Select(target => target.Inputs.At("dbClusterIdentifier").Text())
            .ToHashSet();
        foreach (var instance in sheet.OfType(InstanceType).Where(one => clusters.Contains(one.Inputs.At("clusterIdentifier").Text())))
        {
            var type = (instance.Inputs.At("instanceClass").Text() ?? "").Replace("db.", "", StringComparison.Ordinal);
            var name = ClusterOf(instance, sheet)?.Name ?? proxy.Name;
            if (InstanceTypeCatalog.Find(type) is not { } found)
            {
                sheet.Unknown(proxy, $"{name}: proxy", $"the number of vCPUs of {type} is not in the table");
                continue;
            }

            sheet.Add(proxy, new CostItem($"{name}: proxy", "rds-proxy:vcpu", found.VirtualCpus)
            {
                Role = CostRole.DatabaseProxy,
                Subject = name,
                Zones = ZoneOf(instance),
            });
        }
    }

    /// <summary>Every endpoint of a proxy beyond the first is charged as an interface endpoint in its zones.</summary>
    public static void AddProxyEndpoint(ResourceNode endpoint, CostSheet sheet)
    {
        var subnets = endpoint.Inputs.At("vpcSubnetIds").Texts().ToList();
        sheet.Add(endpoint, new CostItem("additional proxy endpoint, per zone", "endpoint:hour", Math.Max(1, subnets.Count))
        {
            Zones = sheet.Subnets.ZonesOf(subnets),
        });
    }

    private static ImmutableArray<string> ZoneOf(ResourceNode instance) =>
        instance.Inputs.At("availabilityZone").Text() is { } zone ? [zone] : [];

    private static ResourceNode? ClusterOf(ResourceNode instance, CostSheet sheet) =>
        instance.Inputs.At("clusterIdentifier").Text() is { } id
            ? sheet.OfType("aws:rds/cluster:Cluster").FirstOrDefault(cluster => cluster.Inputs.At("clusterIdentifier").Text() == id)
            : null;
}
