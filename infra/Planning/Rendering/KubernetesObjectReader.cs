using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Rendering;

/// <summary>Finds the Kubernetes objects in a simulated resource graph.</summary>
internal static class KubernetesObjectReader
{
    private const string Prefix = "kubernetes:";
    private const string HelmPrefix = "kubernetes:helm.sh/";

    public static IEnumerable<KubernetesObject> Of(ResourceGraph graph) =>
        graph.Resources.Where(IsObject).Select(Read);

    private static bool IsObject(ResourceNode resource) =>
        resource is { IsCustom: true, IsRead: false }
        && resource.Type.StartsWith(Prefix, StringComparison.Ordinal)
        && !resource.Type.StartsWith(HelmPrefix, StringComparison.Ordinal);

    private static KubernetesObject Read(ResourceNode resource)
    {
        var (apiVersion, kind) = Identity(resource);
        var values = new PlainValues();
        var content = kind == "Secret" && apiVersion == "v1" ? WithheldData.Of(resource.Inputs) : resource.Inputs;
        var name = resource.Inputs.At("metadata", "name").Text() ?? resource.Outputs.At("metadata", "name").Text() ?? resource.Name;
        var plain = values.Resolve(content)
            .SetItem("apiVersion", new PropertyValue.Text(apiVersion))
            .SetItem("kind", new PropertyValue.Text(kind));
        return new KubernetesObject(
            apiVersion,
            kind,
            resource.Inputs.At("metadata", "namespace").Text(),
            name,
            plain.SetItem("metadata", Named(plain, name)),
            values.HasSecrets,
            resource.Urn);
    }

    /// <summary>The metadata with the name; if the program gave none, the name that the engine generated as the provider would.</summary>
    private static PropertyValue.Map Named(ImmutableSortedDictionary<string, PropertyValue> content, string name)
    {
        var metadata = content.GetValueOrDefault("metadata") is PropertyValue.Map map
            ? map.Entries
            : ImmutableSortedDictionary.Create<string, PropertyValue>(StringComparer.Ordinal);
        return new PropertyValue.Map(metadata.SetItem("name", new PropertyValue.Text(name)).Remove("generateName"));
    }

    /// <summary>From the properties, or else from the type: <c>kubernetes:apps/v1:Deployment</c>, the core group being called <c>core</c>.</summary>
    private static (string ApiVersion, string Kind) Identity(ResourceNode resource)
    {
        var parts = resource.Type.Split(':');
        var version = parts[1].StartsWith("core/", StringComparison.Ordinal) ? parts[1]["core/".Length..] : parts[1];
        return (resource.Inputs.At("apiVersion").Text() ?? version, resource.Inputs.At("kind").Text() ?? parts[^1]);
    }
}
