using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using HaCluster.Account.Wire;

namespace HaCluster.Operations.Aws;

/// <summary>Reads fields of AWS's JSON and XML.</summary>
internal static class Reading
{
    public static string Str(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    public static int Int(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : 0;

    public static bool Bool(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>An empty element when it is missing.</summary>
    public static JsonElement Object(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;

    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) => json.Object(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    public static ImmutableArray<string> Strings(this JsonElement json, string name) => [.. json.Items(name).Select(item => item.GetString() ?? "")];

    public static ImmutableSortedDictionary<string, string> StringMap(this JsonElement json, string name) => json.Object(name) is { ValueKind: JsonValueKind.Object } map
        ? map.EnumerateObject().ToImmutableSortedDictionary(entry => entry.Name, entry => entry.Value.GetString() ?? "", StringComparer.Ordinal)
        : ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Seconds since 1970, as AWS's JSON protocols write times.</summary>
    public static DateTimeOffset Time(this JsonElement json, string name) => json.Object(name) switch
    {
        { ValueKind: JsonValueKind.Number } number => DateTimeOffset.UnixEpoch.AddSeconds(number.GetDouble()),
        { ValueKind: JsonValueKind.String } text when DateTimeOffset.TryParse(text.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        _ => default,
    };

    public static int Int(this XElement xml, params ReadOnlySpan<string> path) =>
        int.TryParse(xml.Text(path), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public static ImmutableArray<string> Texts(this XElement xml, string list, string? name = null) =>
        [.. xml.List(list).Select(item => name is null ? item.Value : item.Text(name) ?? "").Where(text => text.Length > 0)];

    public static ImmutableSortedDictionary<string, string> TagsOf(this XElement xml, string list) => xml.Tags(list).ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Parameters of a list, numbered from 1 as the Query protocol wants them.</summary>
    public static IEnumerable<(string Name, string Value)> Numbered(string prefix, IEnumerable<string> values) => values.Select((value, at) => ($"{prefix}.{at + 1}", value));
}
