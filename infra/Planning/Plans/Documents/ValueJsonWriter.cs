using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using HaCluster.Engine.Values;

namespace HaCluster.Planning.Plans.Documents;

/// <summary>Writes property values in the form <see cref="PlanDocument"/> describes.</summary>
internal static class ValueJsonWriter
{
    public static void Write(Utf8JsonWriter json, PropertyValue value)
    {
        switch (value)
        {
            case PropertyValue.Null:
                json.WriteNullValue();
                break;
            case PropertyValue.Bool boolean:
                json.WriteBooleanValue(boolean.Value);
                break;
            case PropertyValue.Number number:
                WriteNumber(json, number.Value);
                break;
            case PropertyValue.Text text:
                json.WriteStringValue(text.Value);
                break;
            case PropertyValue.List list:
                json.WriteStartArray();
                foreach (var item in list.Items)
                    Write(json, item);
                json.WriteEndArray();
                break;
            case PropertyValue.Map map when map.Entries.Count == 1 && map.Entries.Keys.First().StartsWith('$'):
                Special(json, "$map", () => WriteMap(json, map.Entries));
                break;
            case PropertyValue.Map map:
                WriteMap(json, map.Entries);
                break;
            case PropertyValue.Secret secret:
                Special(json, "$secret", () => Write(json, secret.Inner));
                break;
            case PropertyValue.Unknown:
                Special(json, "$unknown", () => json.WriteBooleanValue(true));
                break;
            case PropertyValue.Output output:
                Special(json, "$output", () => WriteOutput(json, output));
                break;
            case PropertyValue.Reference reference:
                Special(json, "$reference", () => WriteTexts(json, ("urn", reference.Urn), ("id", reference.Id)));
                break;
            case PropertyValue.Asset asset:
                Special(json, "$asset", () => WriteTexts(json, (asset.Kind, asset.Value)));
                break;
            case PropertyValue.Archive archive:
                Special(json, "$archive", () => WriteArchive(json, archive));
                break;
        }
    }

    public static void WriteMap(Utf8JsonWriter json, ImmutableSortedDictionary<string, PropertyValue> entries)
    {
        json.WriteStartObject();
        foreach (var (key, value) in entries)
        {
            json.WritePropertyName(key);
            Write(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            Special(json, "$number", () => json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture)));
    }

    private static void WriteOutput(Utf8JsonWriter json, PropertyValue.Output output)
    {
        json.WriteStartObject();
        if (output.Inner is not null)
        {
            json.WritePropertyName("value");
            Write(json, output.Inner);
        }

        if (output.IsSecret)
            json.WriteBoolean("secret", true);
        if (!output.Dependencies.IsEmpty)
        {
            json.WriteStartArray("dependencies");
            foreach (var urn in output.Dependencies)
                json.WriteStringValue(urn);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteArchive(Utf8JsonWriter json, PropertyValue.Archive archive)
    {
        json.WriteStartObject();
        json.WritePropertyName(archive.Kind);
        if (archive.Assets is not null)
            WriteMap(json, archive.Assets);
        else
            json.WriteStringValue(archive.Value);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, params ReadOnlySpan<(string Name, string? Value)> entries)
    {
        json.WriteStartObject();
        foreach (var (name, value) in entries)
        {
            if (value is not null)
                json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private static void Special(Utf8JsonWriter json, string name, Action writeValue)
    {
        json.WriteStartObject();
        json.WritePropertyName(name);
        writeValue();
        json.WriteEndObject();
    }
}
