using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Policies.Iam;
using HaCluster.Planning.Policies.Pods;

namespace HaCluster.Planning.Policies;

/// <summary>A resource graph as policies ask for it: by type, and as what it means to a cluster. Resources that were only read are left out.</summary>
internal sealed class PolicyGraph
{
    private readonly ILookup<string, ResourceNode> _byType;
    private readonly Lazy<ImmutableArray<DeclaredPods>> _pods;
    private readonly Lazy<ImmutableArray<ValueTree>> _trees;
    private readonly Lazy<ImmutableArray<ReplicatedWorkload>> _replicas;
    private readonly Lazy<ImmutableArray<PolicyDocument>> _documents;
    private readonly Lazy<ImmutableDictionary<string, SubnetFacts>> _subnets;
    private readonly Lazy<ImmutableArray<EncryptionFacts>> _encryption;

    public PolicyGraph(ResourceGraph graph)
    {
        Resources = [.. graph.Resources.Where(resource => resource is { IsCustom: true, IsRead: false })];
        _byType = Resources.ToLookup(resource => resource.Type, StringComparer.Ordinal);
        _pods = new(() => DeclaredPods.Of(this));
        _trees = new(() => [.. Resources.Select(ValueTree.Of).OfType<ValueTree>()]);
        _replicas = new(() => ReplicatedWorkload.Of(this));
        _documents = new(() => [.. PolicyDocument.Of(Resources)]);
        _encryption = new(() => EncryptionFacts.Of(Resources));
        _subnets = new(() => new SubnetIndex(graph).All.ToImmutableDictionary(subnet => subnet.Id));
    }

    public ImmutableArray<ResourceNode> Resources { get; }

    /// <summary>Everything that states a pod of its own.</summary>
    public ImmutableArray<DeclaredPods> Pods => _pods.Value;

    /// <summary>What stands for pods that someone else writes: values of charts, configuration of add-ons, custom resources.</summary>
    public ImmutableArray<ValueTree> Trees => _trees.Value;

    /// <summary>Everything that runs more than once.</summary>
    public ImmutableArray<ReplicatedWorkload> Replicas => _replicas.Value;

    /// <summary>What resources say of permissions.</summary>
    public ImmutableArray<PolicyDocument> Documents => _documents.Value;

    /// <summary>Everything that keeps data, and with whose key it encrypts it.</summary>
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

    /// <summary>Whether a property has a value at all, also one that is secret or not known yet.</summary>
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

    public static string NamespaceOf(ResourceNode resource) => resource.Inputs.At("metadata", "namespace").Text() ?? "default";
}
