using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Policies.Iam;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Policies;

/// <summary>A resource graph for policies: resources by type, and the cluster model. Resources that were only read are left out.</summary>
internal sealed class PolicyGraph
{
    private readonly ILookup<string, ResourceNode> _byType;
    private readonly Lazy<ImmutableArray<PolicyDocument>> _documents;
    private readonly Lazy<ImmutableDictionary<string, SubnetFacts>> _subnets;
    private readonly Lazy<ImmutableArray<EncryptionFacts>> _encryption;

    public PolicyGraph(ResourceGraph graph, ClusterModel cluster)
    {
        Resources = [.. graph.Resources.Where(resource => resource is { IsCustom: true, IsRead: false })];
        _byType = Resources.ToLookup(resource => resource.Type, StringComparer.Ordinal);
        Cluster = cluster;
        var byUrn = Resources.DistinctBy(resource => resource.Urn).ToDictionary(resource => resource.Urn, StringComparer.Ordinal);
        Workloads =
        [
            .. cluster.Workloads.Where(workload => !IsGuessed(workload) && workload.Source.Urn is { } urn && byUrn.ContainsKey(urn))
                .Select(workload => new PolicyWorkload(workload, byUrn[workload.Source.Urn!])),
        ];
        _documents = new(() => [.. PolicyDocument.Of(Resources)]);
        _encryption = new(() => EncryptionFacts.Of(Resources));
        _subnets = new(() => new SubnetIndex(graph).All.ToImmutableDictionary(subnet => subnet.Id));
    }

    public ImmutableArray<ResourceNode> Resources { get; }

    public ClusterModel Cluster { get; }

    /// <summary>The workloads of the cluster, including those of charts and add-ons.</summary>
    public ImmutableArray<PolicyWorkload> Workloads { get; }

    /// <summary>Sources of pods that are not in the model: kind and name.</summary>
    public IEnumerable<(string Kind, string Name)> HiddenPods => Cluster.Unknown.Where(unknown => unknown.HidesPods)
        .Select(unknown => unknown.Subject.Split(' ', 2) is [var kind, var name] ? (kind, name) : ("object", unknown.Subject))
        .Concat(Cluster.Workloads.Where(IsGuessed).Select(workload => ("add-on", workload.Name)));

    /// <summary>The IAM policy documents of the resources.</summary>
    public ImmutableArray<PolicyDocument> Documents => _documents.Value;

    /// <summary>All data stores, with the owners of their encryption keys.</summary>
    public ImmutableArray<EncryptionFacts> Encryption => _encryption.Value;

    /// <summary>By id.</summary>
    public ImmutableDictionary<string, SubnetFacts> Subnets => _subnets.Value;

    public IEnumerable<ResourceNode> Of(params ReadOnlySpan<string> types)
    {
        var found = new List<ResourceNode>();
        foreach (var type in types)
            found.AddRange(_byType[type]);
        return found;
    }

    private static bool IsGuessed(Workload workload) => workload.Source is Origin.Addon { IsPublished: false };

    public static string NamespaceOf(ResourceNode resource) => resource.Inputs.At("metadata", "namespace").Text() ?? "default";

    /// <summary>Whether a property has a value, including secret and unknown values.</summary>
    public static bool IsGiven(ResourceNode resource, params ReadOnlySpan<string> path)
    {
        PropertyValue value = new PropertyValue.Map(resource.Inputs);
        foreach (var name in path)
        {
            if (value is not PropertyValue.Map map || !map.Entries.TryGetValue(name, out var next))
                return value is PropertyValue.Unknown;
            value = next.Unwrap();
        }

        return value is not (PropertyValue.Null or PropertyValue.Text { Value.Length: 0 });
    }
}

/// <summary>A workload, and the resource of the program that declares or causes it.</summary>
internal sealed record PolicyWorkload(Workload Workload, ResourceNode Resource)
{
    /// <summary>Whether it has several replicas and keeps serving after the loss of one.</summary>
    public bool IsReplicated => Workload is { Kind: WorkloadKind.Deployment or WorkloadKind.StatefulSet, Replicas: > 1 };

    /// <summary>The text of a problem; a workload of a chart or controller is named, because the resource may have several.</summary>
    public string Say(string problem) => Workload.Source is Origin.Program ? problem : $"{Workload.Kind} {Workload.Id}: {problem}";
}
