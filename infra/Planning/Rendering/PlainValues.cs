using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Documents;

namespace HaCluster.Planning.Rendering;

/// <summary>Reduces property values to YAML values. Secrets become placeholders; <see cref="HasSecrets"/> reports whether there were any.</summary>
internal sealed class PlainValues
{
    private const string UnknownText = "unknown-until-deployed";

    public bool HasSecrets { get; private set; }

    public ImmutableSortedDictionary<string, PropertyValue> Resolve(ImmutableSortedDictionary<string, PropertyValue> entries) =>
        entries.ToImmutableSortedDictionary(entry => entry.Key, entry => Resolve(entry.Value), StringComparer.Ordinal);

    public PropertyValue Resolve(PropertyValue value) => value switch
    {
        PropertyValue.Secret or PropertyValue.Output { IsSecret: true } => Withhold(value),
        PropertyValue.Output { Inner: { } inner } => Resolve(inner),
        PropertyValue.Output or PropertyValue.Unknown => new PropertyValue.Text(UnknownText),
        PropertyValue.Reference reference => new PropertyValue.Text(reference.Id ?? reference.Urn),
        PropertyValue.Asset asset => new PropertyValue.Text(asset.Value),
        PropertyValue.Archive archive => new PropertyValue.Text(archive.Value ?? archive.Kind),
        PropertyValue.List list => new PropertyValue.List([.. list.Items.Select(Resolve)]),
        PropertyValue.Map map => new PropertyValue.Map(Resolve(map.Entries)),
        _ => value,
    };

    private PropertyValue Withhold(PropertyValue secret)
    {
        HasSecrets = true;
        var redacted = SecretRedaction.Redact(secret) switch
        {
            PropertyValue.Secret wrapped => wrapped.Inner,
            PropertyValue.Output { Inner: { } inner } => inner,
            _ => PropertyValue.Unknown.Instance,
        };
        return Resolve(redacted);
    }
}
