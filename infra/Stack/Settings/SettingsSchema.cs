using System.Text.Json.Nodes;

namespace HaCluster.Stack.Settings;

/// <summary>
/// The JSON Schema of one object of the settings. It is filled by reading: each read of a <see cref="SettingsReader"/> adds the description of the setting
/// and which values it takes, so that what is described is what is accepted.
/// </summary>
public sealed class SettingsSchema(string about)
{
    private readonly JsonObject _properties = [];
    private readonly Dictionary<string, SettingsSchema> _children = new(StringComparer.Ordinal);
    private string? _entry;

    public JsonObject Json => field ??= new JsonObject
    {
        ["description"] = about,
        // An object without a key is null in YAML, and reads as empty.
        ["type"] = new JsonArray("object", "null"),
        ["properties"] = _properties,
        ["additionalProperties"] = false,
    };

    /// <summary>Says that users name the keys of this object themselves.</summary>
    /// <param name="placeholder">Stands for such a key.</param>
    public void Entries(string placeholder, Shape? names)
    {
        _entry = placeholder;
        Json["x-entry"] = placeholder;
        if (names is null)
            return;

        Json["x-example"] = names.Examples[0];
        Json["propertyNames"] = new JsonObject { ["pattern"] = PatternOf(names) };
    }

    /// <summary>A setting with a value.</summary>
    public void Add(string name, string what, JsonObject values, JsonNode? fallback, JsonNode? example)
    {
        var setting = new JsonObject { ["description"] = what };
        foreach (var (key, value) in values.ToArray())
        {
            values.Remove(key);
            setting[key] = value;
        }

        if (fallback is not null)
            setting["default"] = fallback;
        if (example is not null)
            setting["examples"] = new JsonArray(example);
        Put(name, setting);
    }

    /// <summary>A setting with settings of its own.</summary>
    /// <param name="what">Null to look at one again that is described already.</param>
    public SettingsSchema Object(string name, string? what)
    {
        if (what is null)
            return _children.GetValueOrDefault(name) ?? new SettingsSchema("");

        var child = new SettingsSchema(what);
        _children[name] = child;
        Put(name, child.Json);
        return child;
    }

    /// <summary>Takes a text in place of the object.</summary>
    public void AllowText() => Json["type"] = new JsonArray("object", "null", "string");

    /// <summary>As JSON Schema writes it: https://json-schema.org/draft/2020-12/json-schema-core#name-regular-expressions.</summary>
    public static string PatternOf(Shape shape) => shape.Pattern.ToString().Replace(@"\z", "$", StringComparison.Ordinal);

    private void Put(string name, JsonObject setting)
    {
        if (name == _entry)
            Json["additionalProperties"] = setting;
        else
            _properties[name] = setting;
    }
}
