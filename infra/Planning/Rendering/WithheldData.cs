using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Documents;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Rendering;

/// <summary>
/// A Kubernetes <c>Secret</c> for rendering: its keys stay, under <c>stringData</c> where a placeholder needs no encoding, its values are always removed,
/// whether or not the program marked them secret.
/// </summary>
internal static class WithheldData
{
    private static readonly string[] DataEntries = ["data", "stringData"];

    public static ImmutableSortedDictionary<string, PropertyValue> Of(ImmutableSortedDictionary<string, PropertyValue> inputs)
    {
        var keys = DataEntries.SelectMany(entry => Unwrap(inputs.GetValueOrDefault(entry)).Entries()).Select(entry => entry.Key).Distinct().ToList();
        var rest = inputs.RemoveRange(DataEntries);
        return keys.Count == 0
            ? rest
            : rest.SetItem("stringData", new PropertyValue.Map(keys.ToImmutableSortedDictionary(key => key, Placeholder, StringComparer.Ordinal)));
    }

    private static PropertyValue Placeholder(string key) => key switch
    {
        // The API server requires these two to be JSON.
        ".dockerconfigjson" or ".dockercfg" => new PropertyValue.Text("{}"),
        _ => new PropertyValue.Secret(new PropertyValue.Text(SecretRedaction.Placeholder)),
    };

    private static PropertyValue? Unwrap(PropertyValue? value) => value switch
    {
        PropertyValue.Secret secret => Unwrap(secret.Inner),
        PropertyValue.Output output => Unwrap(output.Inner),
        _ => value,
    };
}
