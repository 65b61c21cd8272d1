using System.Collections.Immutable;
using HaCluster.Stack.Encryption;
using HaCluster.Stack.Nodes;
using HaCluster.Stack.Settings.Namespaces;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Outputs;

/// <summary>The stack output that names the KMS keys.</summary>
public static class KeyTable
{
    public static Output<ImmutableDictionary<string, object>> Of(EncryptionKeys keys)
    {
        (string Purpose, Aws.Kms.Key Key)[] named =
        [
            ("secrets", keys.Secrets),
            ("volumes", keys.Volumes),
            ("logs", keys.Logs),
            ("databases", keys.Databases),
            ("alarms", keys.Alarms),
        ];
        return Output.All(named.Select(one => one.Key.Arn)).Apply(arns => named
            .Zip(arns)
            .ToImmutableDictionary(pair => pair.First.Purpose, pair => (object)pair.Second));
    }
}

/// <summary>The stack output that names the image repositories.</summary>
public static class RepositoryTable
{
    public static Output<ImmutableDictionary<string, object>> Of(ImmutableSortedDictionary<string, Output<string>> urls) => Output
        .All(urls.Values)
        .Apply(all => urls.Keys.Zip(all).ToImmutableDictionary(pair => pair.First, pair => (object)pair.Second));
}

/// <summary>Node groups for the stack's outputs.</summary>
public static class NodeGroupTable
{
    public static Output<ImmutableDictionary<string, object>> Of(IEnumerable<NodeGroup> groups) => Output
        .All(groups.Select(Row))
        .Apply(rows => rows.ToImmutableDictionary(row => row.Name, row => (object)row.Values));

    private static Output<(string Name, ImmutableDictionary<string, object> Values)> Row(NodeGroup group) => Output
        .Tuple(group.Zones, group.Resource.NodeGroupName, group.Resource.Arn)
        .Apply(found => (group.Name, ImmutableDictionary.CreateRange<string, object>(
        [
            new("name", found.Item2),
            new("pool", group.Pool),
            new("capacityType", group.Spot ? "SPOT" : "ON_DEMAND"),
            new("instanceTypes", group.Settings.InstanceTypes),
            new("min", group.Settings.Min),
            new("max", group.Settings.Max),
            new("zones", found.Item1),
            new("arn", found.Item3),
        ])));
}

/// <summary>Quotas for the stack's outputs.</summary>
public static class QuotaTable
{
    public static ImmutableDictionary<string, object> Of(IEnumerable<NamespaceProfile> namespaces) =>
        namespaces.ToImmutableDictionary(profile => profile.Name, profile => (object)Row(profile.Quota));

    private static ImmutableDictionary<string, object> Row(Quota quota) => ImmutableDictionary.CreateRange<string, object>(
    [
        new("cpu", quota.Cpu.ToString()),
        new("cpuLimit", quota.CpuLimit.ToString()),
        new("memory", quota.Memory.ToString()),
        new("ephemeralStorage", quota.EphemeralStorage.ToString()),
        new("storage", quota.Storage.ToString()),
        new("pods", quota.Pods),
        new("volumes", quota.Volumes),
        new("loadBalancers", quota.LoadBalancers),
    ]);
}
