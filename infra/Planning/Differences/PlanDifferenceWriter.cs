using System.Text.Json;
using HaCluster.Engine.Values;
using HaCluster.Planning.Documents;
using HaCluster.Planning.Plans.Documents;

namespace HaCluster.Planning.Differences;

/// <summary>
/// Writes a difference as JSON, secrets withheld:
/// <code>
/// { "format": "hacluster.diff/1",
///   "before": "dev", "after": "prod",             // stacks
///   "unchanged": 580,
///   "resources": [                                // those that differ, by type and URN
///     { "urn": "...", "type": "...", "name": "...",
///       "change": "replaced",                     // or added, removed, updated, maybeReplaced
///       "properties": [                           // of those that are neither added nor removed
///         { "path": "vpcConfig.subnetIds[2]", "before": VALUE, "after": VALUE,   // values as in a plan; what is not set is left out
///           "effect": "replaces",                 // or inPlace, unknown
///           "because": "Vpc network" } ] } ] }    // the value changes because that resource is replaced
/// </code>
/// </summary>
public static class PlanDifferenceWriter
{
    public const string Format = "hacluster.diff/1";

    public static void Write(Stream stream, PlanDifference difference)
    {
        using (var json = new Utf8JsonWriter(stream, DocumentJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("before", difference.Before.Stack);
            json.WriteString("after", difference.After.Stack);
            json.WriteNumber("unchanged", difference.Unchanged);
            json.WriteStartArray("resources");
            foreach (var resource in difference.Resources)
                Write(json, resource);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, ResourceDifference resource)
    {
        json.WriteStartObject();
        json.WriteString("urn", resource.Node.Urn);
        json.WriteString("type", resource.Node.Type);
        json.WriteString("name", resource.Node.Name);
        json.WriteString("change", JsonNamingPolicy.CamelCase.ConvertName(resource.Change.ToString()));
        if (!resource.Properties.IsEmpty)
        {
            json.WriteStartArray("properties");
            foreach (var property in resource.Properties)
                Write(json, property);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PropertyDifference property)
    {
        json.WriteStartObject();
        json.WriteString("path", property.Path);
        Write(json, "before", property.Before);
        Write(json, "after", property.After);
        json.WriteString("effect", JsonNamingPolicy.CamelCase.ConvertName(property.Effect.ToString()));
        if (property.Because is { } cause)
            json.WriteString("because", cause);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, PropertyValue? value)
    {
        if (value is null)
            return;
        json.WritePropertyName(name);
        ValueJsonWriter.Write(json, SecretRedaction.Redact(value));
    }
}
