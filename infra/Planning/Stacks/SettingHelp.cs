using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HaCluster.Planning.Stacks;

/// <summary>One setting or section, as described by the schema.</summary>
/// <param name="path">Names from the top level on, the first with its namespace.</param>
public sealed partial class SettingHelp(ImmutableArray<string> path, JsonObject schema)
{
    public string Key { get; } = string.Join('.', path);

    /// <summary>The last part of the key.</summary>
    public string Name => path[^1];

    public string About => (string?)schema["description"] ?? "";

    /// <summary>The form of a string value; null when any is allowed.</summary>
    public string? Expected => (string?)schema["x-expected"] ?? (string?)schema["items"]?["x-expected"];

    /// <summary>Null for a section, and for what has no default.</summary>
    public JsonNode? Default => schema["default"];

    /// <summary>Whether it can be left out. The schema has no keyword for that; its description says it.</summary>
    public bool IsOptional => Default is not null || About.Contains("Left out:", StringComparison.Ordinal);

    public bool IsSection => schema["properties"] is not null;

    /// <summary>The placeholder for user-defined names; null when all names are given.</summary>
    public string? Entry => (string?)schema["x-entry"];

    /// <summary>Settings of a section, in order of name.</summary>
    public IEnumerable<SettingHelp> Children
    {
        get
        {
            var known = schema["properties"]?.AsObject().Select(entry => new SettingHelp(path.Add(entry.Key), (JsonObject)entry.Value!)) ?? [];
            return Entry is { } entry && schema["additionalProperties"] is JsonObject any
                ? known.Append(new SettingHelp(path.Add(entry), any))
                : known.OrderBy(child => child.Name, StringComparer.Ordinal);
        }
    }

    /// <summary>The type of the value and its limits.</summary>
    public string Type =>
        IsSection ? Entry is { } entry ? $"object, by {entry}" : "object"
        : schema["anyOf"]?[0]?["enum"] is JsonArray numbers ? $"one of {Join(numbers)}"
        : schema["enum"] is JsonArray words ? words[0]?.GetValueKind() == JsonValueKind.True ? "true or false" : $"one of {Join(words)}"
        : schema["minimum"] is { } least && schema["maximum"] is { } most ? $"whole number from {least} to {most}"
        : schema["minimum"] is not null ? "quantity"
        : (schema["type"] as JsonValue)?.ToString() == "array" ? "list of texts"
        : "text";

    /// <summary>Its YAML in a stack file, from <c>config:</c> on.</summary>
    public IEnumerable<string> Example()
    {
        yield return "config:";
        for (var i = 0; i < path.Length; i++)
        {
            var line = new string(' ', 2 * (i + 1)) + Scalar(path[i]) + ":";
            yield return i < path.Length - 1 || IsSection ? line : $"{line} {Yaml(Sample)}";
        }

        foreach (var line in IsSection ? Below(path.Length + 1) : [])
            yield return line;
    }

    /// <summary>The settings of a section with a value each; of a section that only has sections, those of the first of them.</summary>
    private IEnumerable<string> Below(int depth)
    {
        var indent = new string(' ', 2 * depth);
        var values = Children.Where(child => !child.IsSection).ToList();
        foreach (var child in values)
            yield return $"{indent}{Scalar(child.Name)}: {Yaml(child.Sample)}";
        if (values.Count > 0 || Children.FirstOrDefault() is not { } first)
            yield break;
        yield return $"{indent}{Scalar(first.Name)}:";
        foreach (var line in first.Below(depth + 1))
            yield return line;
    }

    /// <summary>The command that sets it; null for a section.</summary>
    public string? Command()
    {
        if (IsSection)
            return null;

        var key = path[0];
        for (var i = 1; i < path.Length; i++)
            key += PlainName().IsMatch(path[i]) ? $".{path[i]}" : $"[\"{path[i]}\"]";
        var value = Sample is JsonArray list ? list.FirstOrDefault()?.ToString() ?? "VALUE" : Sample?.ToString() ?? "VALUE";
        key = Sample is JsonArray ? $"{key}[0]" : key;
        return $"pulumi config set {(key == path[0] ? "" : "--path ")}{Quoted(key)} {Quoted(value)}";
    }

    /// <summary>The default if it is not empty, otherwise an example.</summary>
    private JsonNode? Sample => schema["examples"]?[0] ?? Default ?? schema["enum"]?[0];

    private static string Join(JsonArray values) => string.Join(", ", values.Select(value => value!.ToString()));

    private static string Yaml(JsonNode? value) => value switch
    {
        null => "...",
        JsonArray list => $"[{string.Join(", ", list.Select(Yaml))}]",
        JsonValue text when text.GetValueKind() == JsonValueKind.String => Scalar(text.ToString()),
        _ => value.ToString().ToLowerInvariant(),
    };

    private static string Scalar(string text) =>
        PlainScalar().IsMatch(text) && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off") ? text : JsonValue.Create(text).ToJsonString();

    private static string Quoted(string text) => ShellWord().IsMatch(text) ? text : $"'{text}'";

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_-]*\z")]
    private static partial Regex PlainName();

    // Quantities, times and addresses are strings in YAML; values that look like numbers must be quoted.
    [GeneratedRegex(@"^([A-Za-z/][A-Za-z0-9_./:@=+-]*|[0-9]+(m|s|h|[KMGT]i|\.[0-9]+\.[0-9.]+(/[0-9]+)?))\z")]
    private static partial Regex PlainScalar();

    [GeneratedRegex(@"^[A-Za-z0-9_./:@=+,%-]+\z")]
    private static partial Regex ShellWord();
}
