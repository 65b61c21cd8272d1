using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HaCluster.Engine.Validation;

namespace HaCluster.Stack.Settings;

/// <summary>
/// Reads one object of the settings: keys that are read are known, every other key is reported by <see cref="Close"/> with the name
/// that was probably meant. A value of the wrong type is reported with its path and replaced by the default, so that reading continues.
/// The code that reads a setting also describes it: <c>ha explain</c> and <c>ha schema</c> show these texts.
/// </summary>
public sealed partial class SettingsReader
{
    private const string NotSecret =
        "is a secret; settings show up in names, tags and plans: set it again without --secret";

    private readonly string _path;
    private readonly ImmutableSortedDictionary<string, JsonElement> _values;
    private readonly IReadOnlySet<string> _secrets;
    private readonly SettingsSchema? _schema;
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);

    private SettingsReader(
        string path,
        ImmutableSortedDictionary<string, JsonElement> values,
        IReadOnlySet<string> secrets,
        SettingsProblems problems,
        SettingsSchema? schema)
    {
        _path = path;
        _values = values;
        _secrets = secrets;
        _schema = schema;
        Problems = problems;
    }

    public SettingsProblems Problems { get; }

    /// <summary>Names present in this object, in ordinal order.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>The top level: the values of one configuration namespace, as the engine passes them (objects as JSON text).</summary>
    public static SettingsReader Root(
        string configNamespace, IReadOnlyDictionary<string, string> values, IReadOnlySet<string> secrets, SettingsProblems problems) =>
        new(
            configNamespace + ":",
            values.ToImmutableSortedDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value), StringComparer.Ordinal),
            secrets,
            problems,
            schema: null);

    /// <summary>A top level without any value, that describes what is read from it.</summary>
    public static SettingsReader Describing(string configNamespace, SettingsSchema schema) => new(
        configNamespace + ":", ImmutableSortedDictionary<string, JsonElement>.Empty, ImmutableHashSet<string>.Empty, new SettingsProblems(), schema);

    /// <summary>Full key of a name in this object.</summary>
    public string PathOf(string name) => _path.EndsWith(':') ? _path + name : $"{_path}.{name}";

    /// <summary>Full key of this object itself.</summary>
    public string Path => _path.TrimEnd(':');

    /// <summary>The keys of an object whose keys are the users' own.</summary>
    /// <param name="placeholder">Stands for such a key in descriptions.</param>
    /// <param name="names">Shape of the keys; the caller reports keys of another shape.</param>
    public ImmutableArray<string> Entries(string placeholder, Shape? names = null)
    {
        _schema?.Entries(placeholder, names);
        return _schema is null ? [.. Names] : [placeholder];
    }

    /// <summary>A whole number.</summary>
    /// <param name="about">What the setting is.</param>
    /// <param name="advice">What to do about a number outside the limits.</param>
    /// <param name="tooHigh">The same for one that is too high only.</param>
    /// <param name="allowed">The allowed numbers; the caller reports others.</param>
    public int Int32(
        string name, string about, int fallback, int least, int most, string? advice = null, string? tooHigh = null, IEnumerable<int>? allowed = null)
    {
        _schema?.Add(name, about, SchemaTypes.Integer(least, most, allowed), fallback, null);
        if (Find(name) is not { } element)
            return fallback;

        var text = element.ValueKind is JsonValueKind.Number or JsonValueKind.String ? element.ToString() : null;
        if (text is null || !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return Wrong(name, element, "a whole number is expected here", fallback);

        if (number >= least && number <= most)
            return number;

        Problems.Add(PathOf(name), number, (number > most ? tooHigh : null) ?? advice ?? $"choose a number from {least} to {most}");
        return fallback;
    }

    public bool Boolean(string name, string about, bool fallback) => Boolean(name, about, (bool?)fallback) ?? fallback;

    /// <summary>Null when it is not set.</summary>
    public bool? OptionalBoolean(string name, string about) => Boolean(name, about, null);

    private bool? Boolean(string name, string about, bool? fallback)
    {
        _schema?.Add(name, about, SchemaTypes.Boolean(), fallback, null);
        return Find(name) switch
        {
            null => fallback,
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            { ValueKind: JsonValueKind.String } element when IsWord(element, "true") => true,
            { ValueKind: JsonValueKind.String } element when IsWord(element, "false") => false,
            { } element => Wrong(name, element, "true or false is expected here", fallback),
        };

        static bool IsWord(JsonElement element, string word) => string.Equals(element.GetString(), word, StringComparison.OrdinalIgnoreCase);
    }

    /// <param name="shape">Shape of the value; an empty text counts as not set if the default is empty.</param>
    /// <param name="example">Example for a setting whose default does not show one.</param>
    /// <param name="mustHaveShape">The default is not a value that a user may write.</param>
    public string Text(string name, string about, string fallback, Shape? shape = null, string? example = null, bool mustHaveShape = false)
    {
        _schema?.Add(name, about, SchemaTypes.Text(shape, mayBeEmpty: fallback.Length == 0 && !mustHaveShape), mustHaveShape ? null : fallback, example ?? (fallback.Length == 0 ? shape?.Examples[0] : null));
        return Find(name) switch
        {
            null => fallback,
            { ValueKind: JsonValueKind.String } element when Fault(element.GetString()!) is { } fault => Wrong(name, element, fault, fallback),
            { ValueKind: JsonValueKind.String } element => element.GetString()!,
            { ValueKind: JsonValueKind.Number } element =>
                Wrong(name, element, $"write it in quotes, \"{element}\": without them YAML reads it as a number and drops trailing zeros", fallback),
            { } element => Wrong(name, element, "a string is expected here", fallback),
        };

        string? Fault(string text) => text == fallback && !mustHaveShape ? null : shape?.Fault(text);
    }

    /// <summary>One of a few fixed words.</summary>
    public T Choice<T>(string name, string about, T fallback, IReadOnlyDictionary<string, T> choices)
    {
        _schema?.Add(
            name, about, SchemaTypes.Words(choices.Keys), choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, fallback)).Key, null);
        if (Find(name) is not { } element)
            return fallback;

        if (element.ValueKind == JsonValueKind.String && choices.TryGetValue(element.GetString()!, out var choice))
            return choice;

        var hint = element.ValueKind == JsonValueKind.String ? NearestName.Hint(element.GetString()!, choices.Keys) : "";
        return Wrong(name, element, $"choose one of {string.Join(", ", choices.Keys)}{hint}", fallback);
    }

    /// <summary>List of texts. Those that do not match the shape, or occur twice, are reported and skipped.</summary>
    public ImmutableArray<string> TextList(string name, string about, ImmutableArray<string> fallback, Shape? shape = null, string? example = null)
    {
        _schema?.Add(
            name,
            about,
            SchemaTypes.List(shape),
            new JsonArray([.. fallback.Select(text => (JsonNode)text)]),
            (example ?? (fallback.IsEmpty ? shape?.Examples[0] : null)) is { } one ? new JsonArray(one) : null);
        if (FindStructured(name, JsonValueKind.Array, "a list of strings is expected here") is not { } list)
            return fallback;

        var items = ImmutableArray.CreateBuilder<string>();
        foreach (var (item, index) in list.EnumerateArray().Select((item, index) => (item, index)))
        {
            var fault =
                item.ValueKind != JsonValueKind.String ? "a string is expected here"
                : shape?.Fault(item.GetString()!) is { } wrong ? wrong
                : items.Contains(item.GetString()!) ? "it is in the list twice: remove one"
                : null;
            if (fault is null)
                items.Add(item.GetString()!);
            else
                Problems.Add($"{PathOf(name)}[{index}]", Show(item), fault);
        }

        return items.ToImmutable();
    }

    /// <summary>Texts by names of the user; the caller checks the names.</summary>
    public ImmutableSortedDictionary<string, string> TextMap(string name, string about, string placeholder, string what, Shape? names = null, Shape? values = null)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var reader = Object(name, about);
        foreach (var key in reader.Entries(placeholder, names))
            map[key] = reader.Text(key, what, "", values, mustHaveShape: true);
        return _schema is null ? map.ToImmutable() : ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);
    }

    /// <summary>A nested object; a missing one reads as empty, so that its keys have their defaults.</summary>
    /// <param name="about">What the object is; null to look again at one that was read before.</param>
    public SettingsReader Object(string name, string? about = null)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, JsonElement>(StringComparer.Ordinal);
        if (FindStructured(name, JsonValueKind.Object, "an object with keys is expected here") is { } element)
        {
            foreach (var property in element.EnumerateObject())
                values[property.Name] = property.Value;
        }

        return new SettingsReader(PathOf(name), values.ToImmutable(), ImmutableHashSet<string>.Empty, Problems, _schema?.Object(name, about));
    }

    /// <summary>A key whose value is a text or an object (the text is then null). It must not be at the top level.</summary>
    public (string? Text, SettingsReader Object) TextOrObject(string name, string about)
    {
        if (_schema is null && !(_values.TryGetValue(name, out var element) && element.ValueKind == JsonValueKind.Object))
            return (Text(name, about, ""), this);

        var reader = Object(name, about);
        reader._schema?.AllowText();
        return (null, reader);
    }

    /// <summary>Only names and defaults are read, no values: keys that a user chooses are placeholders.</summary>
    public bool IsDescribing => _schema is not null;

    public bool Has(string name) => _values.ContainsKey(name);

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        if (!_values.TryGetValue(name, out var element) || element.ValueKind == JsonValueKind.Null)
            return null;

        if (!_secrets.Contains(name))
            return element;

        Problems.Add(PathOf(name), NotSecret);
        return null;
    }

    // At the top level the engine passes structured values as JSON text.
    private JsonElement? FindStructured(string name, JsonValueKind kind, string expected)
    {
        if (Find(name) is not { } element)
            return null;

        if (element.ValueKind == JsonValueKind.String && _path.EndsWith(':'))
        {
            try
            {
                element = JsonSerializer.Deserialize<JsonElement>(element.GetString()!);
            }
            catch (JsonException)
            {
                return Wrong<JsonElement?>(name, element, expected, null);
            }
        }

        return element.ValueKind == kind ? element : Wrong<JsonElement?>(name, element, expected, null);
    }

    private T Wrong<T>(string name, JsonElement element, string advice, T fallback)
    {
        Problems.Add(PathOf(name), Show(element), advice);
        return fallback;
    }

    private static string Show(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => Shown(element.GetString()!),
        _ => element.GetRawText(),
    };

    /// <summary>As the user wrote it: letters of all languages as they are, and on one line. Who shows it escapes other control characters.</summary>
    internal static string Shown(string text) => string.Concat(
        "\"",
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal),
        "\"");
}
