using System.Globalization;
using System.Text.Json.Nodes;

namespace HaCluster.Ledger.Schemas;

/// <summary>What the library would notice only when a record is checked: references that lead nowhere. And what would change how patterns are matched: another dialect.</summary>
internal sealed class SchemaRules
{
    private const string Version = "https://json-schema.org/draft/2020-12/schema";

    private readonly HashSet<string> _anchors = new(StringComparer.Ordinal);
    private readonly List<string> _references = [];

    /// <exception cref="FormatException">It breaks a rule.</exception>
    public static void Check(JsonNode? schema)
    {
        if (schema is JsonObject root && TextOf(root, "$schema") is { } version && version.TrimEnd('#') != Version)
            throw new FormatException($"$schema must be {Version}, or left out");
        var rules = new SchemaRules();
        rules.Collect(schema, schema);
        if (rules._references.Find(reference => !rules.IsThere(schema, reference)) is { } lost)
            throw new FormatException($"$ref: {lost} is not in the file; nothing else is read or fetched");
    }

    private void Collect(JsonNode? node, JsonNode? root)
    {
        switch (node)
        {
            case JsonObject value:
                if (value != root && (TextOf(value, "$schema") ?? TextOf(value, "$id")) is not null)
                    throw new FormatException("$schema and $id may only be at the top of the file");
                foreach (var keyword in new[] { "$anchor", "$dynamicAnchor" })
                {
                    if (TextOf(value, keyword) is { } anchor)
                        _anchors.Add(anchor);
                }

                foreach (var keyword in new[] { "$ref", "$dynamicRef" })
                {
                    if (TextOf(value, keyword) is { } reference)
                        _references.Add(reference);
                }

                foreach (var (_, member) in value)
                    Collect(member, root);
                break;
            case JsonArray array:
                foreach (var element in array)
                    Collect(element, root);
                break;
        }
    }

    private bool IsThere(JsonNode? root, string reference)
    {
        if (!reference.StartsWith('#'))
            return false;
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
            return reference == "#" || _anchors.Contains(reference[1..]);
        var node = root;
        foreach (var part in Uri.UnescapeDataString(reference[2..]).Split('/'))
        {
            // https://www.rfc-editor.org/rfc/rfc6901#section-4
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            node = node switch
            {
                JsonObject value => value[name],
                JsonArray array when int.TryParse(name, CultureInfo.InvariantCulture, out var index) && index >= 0 && index < array.Count => array[index],
                _ => null,
            };
            if (node is null)
                return false;
        }

        return true;
    }

    private static string? TextOf(JsonObject value, string name) => value[name] is JsonValue text && text.TryGetValue(out string? found) ? found : null;
}
