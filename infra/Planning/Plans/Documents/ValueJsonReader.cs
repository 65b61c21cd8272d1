using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Plans.Documents;

/// <summary>Reads property values in the form <see cref="PlanDocument"/> describes.</summary>
internal static class ValueJsonReader
{
    /// <exception cref="FormatException">A special object unknown to this version.</exception>
    public static PropertyValue Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => PropertyValue.Null.Instance,
        JsonValueKind.True => new PropertyValue.Bool(true),
        JsonValueKind.False => new PropertyValue.Bool(false),
        JsonValueKind.Number => new PropertyValue.Number(json.GetDouble()),
        JsonValueKind.String => new PropertyValue.Text(json.GetString()!),
        JsonValueKind.Array => new PropertyValue.List([.. json.EnumerateArray().Select(Read)]),
        _ when Only(json) is { } only && only.Name.StartsWith('$') => ReadSpecial(only),
        _ => new PropertyValue.Map(ReadMap(json)),
    };

    public static ImmutableSortedDictionary<string, PropertyValue> ReadMap(JsonElement json) =>
        json.EnumerateObject().ToImmutableSortedDictionary(entry => entry.Name, entry => Read(entry.Value), StringComparer.Ordinal);

    private static PropertyValue ReadSpecial(JsonProperty special) => special.Name switch
    {
        "$map" => new PropertyValue.Map(ReadMap(special.Value)),
        "$secret" => new PropertyValue.Secret(Read(special.Value)),
        "$unknown" => PropertyValue.Unknown.Instance,
        "$number" => new PropertyValue.Number(double.Parse(special.Value.RequiredText(), CultureInfo.InvariantCulture)),
        "$output" => ReadOutput(special.Value),
        "$reference" => new PropertyValue.Reference(
            special.Value.RequiredText("urn"), special.Value.TryGetProperty("id", out var id) ? id.GetString() : null),
        "$asset" when Only(special.Value) is { } asset => new PropertyValue.Asset(asset.Name, asset.Value.RequiredText()),
        "$archive" when Only(special.Value) is { } archive => archive.Value.ValueKind == JsonValueKind.Object
            ? new PropertyValue.Archive(archive.Name, null, ReadMap(archive.Value))
            : new PropertyValue.Archive(archive.Name, archive.Value.RequiredText(), null),
        _ => throw new FormatException($"'{special.Name}' is not a kind of value in {PlanDocument.Format}"),
    };

    private static PropertyValue.Output ReadOutput(JsonElement json) => new(
        json.TryGetProperty("value", out var value) ? Read(value) : null,
        json.TryGetProperty("secret", out var secret) && secret.GetBoolean(),
        json.TryGetProperty("dependencies", out var urns) ? [.. urns.EnumerateArray().Select(urn => urn.RequiredText())] : []);

    /// <exception cref="FormatException">It is null.</exception>
    /// <exception cref="InvalidOperationException">It is something else than text.</exception>
    public static string RequiredText(this JsonElement json) => json.GetString() ?? throw new FormatException("null instead of a string");

    /// <inheritdoc cref="RequiredText(JsonElement)"/>
    /// <exception cref="KeyNotFoundException">It is missing.</exception>
    public static string RequiredText(this JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");

    private static JsonProperty? Only(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.GetPropertyCount() == 1 ? json.EnumerateObject().First() : null;
}
