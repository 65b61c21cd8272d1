using System.Collections.Immutable;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Documents;

/// <summary>
/// Removes the plaintext of secrets and keeps their structure: maps keep their keys, lists their length, and every scalar reads
/// <see cref="Placeholder"/>. What is unknown stays unknown. Applying it twice changes nothing.
/// </summary>
public static class SecretRedaction
{
    public const string Placeholder = "[secret]";

    private const string KubernetesSecret = "kubernetes:core/v1:Secret";
    private static readonly string[] KubernetesSecretData = ["data", "stringData"];

    public static ResourceGraph Redact(ResourceGraph graph) => graph with
    {
        Resources = [.. graph.Resources.Select(Redact)],
        Outputs = Redact(graph.Outputs, []),
        Invokes = [.. graph.Invokes.Select(invoke => invoke with { Arguments = Redact(invoke.Arguments, []), Result = Redact(invoke.Result, []) })],
    };

    /// <summary>Outputs that the program declared secret, and the data of Kubernetes secrets, become secrets even where the program did not wrap them.</summary>
    public static ResourceNode Redact(ResourceNode resource)
    {
        var kubernetesData = resource.Type == KubernetesSecret ? KubernetesSecretData : [];
        return resource with
        {
            Inputs = Redact(resource.Inputs, kubernetesData),
            Outputs = Redact(resource.Outputs, [.. kubernetesData, .. resource.Options.AdditionalSecretOutputs]),
        };
    }

    public static PropertyValue Redact(PropertyValue value) => value switch
    {
        PropertyValue.Secret secret => new PropertyValue.Secret(Hide(secret.Inner)),
        PropertyValue.Output { Inner: { } inner } output => output with { Inner = output.IsSecret ? Hide(inner) : Redact(inner) },
        PropertyValue.List list => new PropertyValue.List([.. list.Items.Select(Redact)]),
        PropertyValue.Map map => new PropertyValue.Map(Each(map.Entries, Redact)),
        PropertyValue.Archive { Assets: { } assets } archive => archive with { Assets = Each(assets, Redact) },
        _ => value,
    };

    private static ImmutableSortedDictionary<string, PropertyValue> Redact(
        ImmutableSortedDictionary<string, PropertyValue> properties, IReadOnlyCollection<string> secretKeys) =>
        properties.ToImmutableSortedDictionary(
            entry => entry.Key,
            entry => secretKeys.Contains(entry.Key) && entry.Value is not PropertyValue.Secret
                ? Redact(new PropertyValue.Secret(entry.Value))
                : Redact(entry.Value),
            properties.KeyComparer);

    private static PropertyValue Hide(PropertyValue value) => value switch
    {
        PropertyValue.Null or PropertyValue.Unknown => value,
        PropertyValue.List list => new PropertyValue.List([.. list.Items.Select(Hide)]),
        PropertyValue.Map map => new PropertyValue.Map(Each(map.Entries, Hide)),
        PropertyValue.Secret secret => new PropertyValue.Secret(Hide(secret.Inner)),
        PropertyValue.Output output => output with { Inner = output.Inner is null ? null : Hide(output.Inner) },
        PropertyValue.Reference reference => reference with { Id = string.IsNullOrEmpty(reference.Id) ? reference.Id : Placeholder },
        PropertyValue.Asset asset => asset with { Value = Placeholder },
        PropertyValue.Archive archive => archive with
        {
            Value = archive.Value is null ? null : Placeholder,
            Assets = archive.Assets is null ? null : Each(archive.Assets, Hide),
        },
        _ => new PropertyValue.Text(Placeholder),
    };

    private static ImmutableSortedDictionary<string, PropertyValue> Each(
        ImmutableSortedDictionary<string, PropertyValue> entries, Func<PropertyValue, PropertyValue> change) =>
        entries.ToImmutableSortedDictionary(entry => entry.Key, entry => change(entry.Value), entries.KeyComparer);
}
