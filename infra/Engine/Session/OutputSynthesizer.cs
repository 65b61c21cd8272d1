using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Schemas;
using HaCluster.Engine.Simulation;
using HaCluster.Engine.Validation;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Session;

/// <summary>
/// Generates the outputs that providers would return. In a preview these are the inputs, with everything that the provider computes unknown;
/// in a simulation it is a plausible value, the same in every run.
/// </summary>
internal sealed class OutputSynthesizer(DeploymentContext context, ResourceValidator validator)
{
    /// <param name="importId">The id of an existing resource that is taken over; empty for a new one.</param>
    public Synthesis Create(ResourceNode node, string importId) =>
        Synthesize(node, importId.Length == 0 ? null : importId);

    /// <summary>The state of an existing resource, whose id is in the node.</summary>
    public Synthesis Read(ResourceNode node) => Synthesize(node, node.Id);

    private Synthesis Synthesize(ResourceNode node, string? knownId)
    {
        var spec = TypeToken.IsProvider(node.Type) ? null : validator.Find(node.Type);
        var provider = node.Provider is null ? null : Regions.FindProvider(context, node.Provider);
        var resource = new SimulatedResource
        {
            Node = node,
            Spec = spec,
            Package = context.Catalog.Find(TypeToken.Package(node.Type)),
            IsPreview = context.IsPreview,
            Region = Regions.Of(context, node.Inputs, node.Provider),
            DefaultNamespace = provider?.Inputs.GetValueOrDefault("namespace").AsText() ?? "default",
            DefaultTags = DefaultTagsOf(provider),
            ById = context.Resources.FindById,
            Id = knownId,
        };
        resource.Echo();
        switch (TypeToken.Package(node.Type))
        {
            case "aws":
                AwsResources.Complete(resource);
                break;
            case "kubernetes":
                KubernetesObjects.Complete(resource);
                break;
            default:
                resource.AssignId(Fingerprint.Uuid(node.Urn));
                break;
        }
        return new Synthesis(resource.Id, MarkSecrets(node, spec, resource.Outputs));
    }

    /// <summary>The provider's <c>defaultTags.tags</c>; nested settings of providers travel as JSON text.</summary>
    private static ImmutableSortedDictionary<string, PropertyValue> DefaultTagsOf(ResourceNode? provider)
    {
        var setting = provider?.Inputs.GetValueOrDefault("defaultTags");
        if (setting.AsText() is { } json && PropertyValueJson.TryParse(json) is { } parsed)
            setting = parsed;
        return setting.AsMap()?.GetValueOrDefault("tags").AsMap() ?? PropertyMap.Empty;
    }

    private static ImmutableSortedDictionary<string, PropertyValue> MarkSecrets(
        ResourceNode node, ResourceSpec? spec, ImmutableSortedDictionary<string, PropertyValue> outputs)
    {
        var secret = node.Options.AdditionalSecretOutputs
            .Concat(spec?.Outputs.Properties.Values.Where(property => property.IsSecret).Select(property => property.Name) ?? []);
        foreach (var name in secret)
        {
            if (outputs.TryGetValue(name, out var value))
                outputs = outputs.SetItem(name, value.AsSecret());
        }
        return outputs;
    }
}

/// <summary>What a provider would have answered: the id, null while unknown, and the state.</summary>
internal sealed record Synthesis(string? Id, ImmutableSortedDictionary<string, PropertyValue> Outputs)
{
    public static readonly Synthesis Nothing = new(null, PropertyMap.Empty);
}
