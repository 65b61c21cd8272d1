using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using HaCluster.Stack.Network;

namespace HaCluster.Stack.Settings;

/// <summary>
/// Reads one object of the settings: every key asked for is known, every other one is reported by <see cref="Close"/> with the name
/// that was likely meant. A value of the wrong type is reported with its path and the default is used, so that reading goes on.
/// </summary>
public sealed class SettingsReader
{
    private const string NotSecret =
        "is a secret; settings shape the cluster and show up in names, tags and plans: set it again without --secret";

    private readonly string _path;
    private readonly ImmutableSortedDictionary<string, JsonElement> _values;
    private readonly IReadOnlySet<string> _secrets;
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);

    private SettingsReader(
        string path, ImmutableSortedDictionary<string, JsonElement> values, IReadOnlySet<string> secrets, SettingsProblems problems)
    {
        _path = path;
        _values = values;
        _secrets = secrets;
        Problems = problems;
    }

    public SettingsProblems Problems { get; }

    /// <summary>Names present in this object, in ordinal order.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>The top level: the values of one configuration namespace, as the engine hands them over (objects as JSON text).</summary>
    public static SettingsReader Root(
        string configNamespace, IReadOnlyDictionary<string, string> values, IReadOnlySet<string> secrets, SettingsProblems problems) =>
        new(
            configNamespace + ":",
            values.ToImmutableSortedDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value), StringComparer.Ordinal),
            secrets,
            problems);

    /// <summary>Full key of a name in this object.</summary>
    public string PathOf(string name) => _path.EndsWith(':') ? _path + name : $"{_path}.{name}";

    /// <summary>A whole number between <paramref name="least"/> and <paramref name="most"/>.</summary>
    public int Int32(string name, int fallback, int least, int most, string? advice = null)
    {
        if (Find(name) is not { } element)
            return fallback;

        var text = element.ValueKind is JsonValueKind.Number or JsonValueKind.String ? element.ToString() : null;
        if (text is null || !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return Wrong(name, element, "a whole number is expected here", fallback);

        if (number >= least && number <= most)
            return number;

        Problems.Add(PathOf(name), number, advice ?? $"choose a number from {least} to {most}");
        return fallback;
    }

    public bool Boolean(string name, bool fallback) => OptionalBoolean(name) ?? fallback;

    /// <summary>Null when it is not set.</summary>
    public bool? OptionalBoolean(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String } element when bool.TryParse(element.GetString(), out var value) => value,
        { } element => Wrong<bool?>(name, element, "true or false is expected here", null),
    };

    public string Text(string name, string fallback) => Find(name) switch
    {
        null => fallback,
        { ValueKind: JsonValueKind.String } element => element.GetString()!,
        { ValueKind: JsonValueKind.Number } element =>
            Wrong(name, element, $"write it in quotes, \"{element}\": without them YAML takes it for a number and drops its last zeros", fallback),
        { } element => Wrong(name, element, "a text is expected here", fallback),
    };

    /// <summary>One of a few fixed words.</summary>
    public T Choice<T>(string name, T fallback, IReadOnlyDictionary<string, T> choices)
    {
        if (Find(name) is not { } element)
            return fallback;

        if (element.ValueKind == JsonValueKind.String && choices.TryGetValue(element.GetString()!, out var choice))
            return choice;

        return Wrong(name, element, $"choose one of {string.Join(", ", choices.Keys)}", fallback);
    }

    public ImmutableArray<string> TextList(string name, ImmutableArray<string> fallback)
    {
        if (FindStructured(name, JsonValueKind.Array, "a list of texts is expected here") is not { } list)
            return fallback;

        var items = ImmutableArray.CreateBuilder<string>();
        foreach (var (item, index) in list.EnumerateArray().Select((item, index) => (item, index)))
        {
            if (item.ValueKind == JsonValueKind.String)
                items.Add(item.GetString()!);
            else
                Problems.Add($"{PathOf(name)}[{index}]", Show(item), "a text is expected here");
        }

        return items.ToImmutable();
    }

    public ImmutableSortedDictionary<string, string> TextMap(string name)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var reader = Object(name);
        foreach (var key in reader.Names.ToArray())
            map[key] = reader.Text(key, "");
        return map.ToImmutable();
    }

    /// <summary>An IPv4 block in CIDR notation.</summary>
    public Ipv4Cidr Cidr(string name, string fallback)
    {
        var text = Text(name, fallback);
        return Ipv4Cidr.TryParse(text, out var cidr, out var fault)
            ? cidr
            : Wrong(name, JsonSerializer.SerializeToElement(text), fault, Ipv4Cidr.Parse(fallback));
    }

    /// <summary>Several IPv4 blocks; a malformed one is reported and left out.</summary>
    public ImmutableArray<Ipv4Cidr> CidrList(string name)
    {
        var cidrs = ImmutableArray.CreateBuilder<Ipv4Cidr>();
        foreach (var (text, index) in TextList(name, []).Select((text, index) => (text, index)))
        {
            if (Ipv4Cidr.TryParse(text, out var cidr, out var fault))
                cidrs.Add(cidr);
            else
                Problems.Add($"{PathOf(name)}[{index}]", $"\"{text}\"", fault);
        }

        return cidrs.ToImmutable();
    }

    /// <summary>Cores.</summary>
    public Quantity Cores(string name, Quantity fallback) => Amount(name, fallback, "cores such as 2, 1.5 or 500m are expected here", bytes: false);

    /// <summary>Bytes.</summary>
    public Quantity Bytes(string name, Quantity fallback) => Amount(name, fallback, "a size such as 512Mi or 16Gi is expected here", bytes: true);

    /// <summary>A nested object; an absent one reads as empty, so that its keys take their defaults.</summary>
    public SettingsReader Object(string name)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, JsonElement>(StringComparer.Ordinal);
        if (FindStructured(name, JsonValueKind.Object, "an object with keys of its own is expected here") is { } element)
        {
            foreach (var property in element.EnumerateObject())
                values[property.Name] = property.Value;
        }

        return new SettingsReader(PathOf(name), values.ToImmutable(), ImmutableHashSet<string>.Empty, Problems);
    }

    /// <summary>Whether the value is an object, for a key that takes a text as well. It must not be at the top level.</summary>
    public bool IsObject(string name) => _values.TryGetValue(name, out var element) && element.ValueKind == JsonValueKind.Object;

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>Reports every key that nothing asked for.</summary>
    public void Close()
    {
        foreach (var name in _values.Keys.Where(name => !_known.Contains(name)))
        {
            var hint = NearestName.Of(name, _known) is { } nearest ? $"did you mean {nearest}?" : $"known here: {string.Join(", ", _known)}";
            Problems.Add(PathOf(name), $"is not a setting; {hint}");
        }
    }

    private Quantity Amount(string name, Quantity fallback, string expected, bool bytes)
    {
        if (Find(name) is not { } element)
            return fallback;

        var text = element.ValueKind is JsonValueKind.Number or JsonValueKind.String ? element.ToString() : "";
        if (!Quantity.TryParse(text, out var quantity))
            return Wrong(name, element, expected, fallback);

        if (bytes && text.EndsWith('m'))
            return Wrong(name, element, $"m means thousandths, so that is less than a byte: write {text[..^1]}Mi", fallback);

        return quantity;
    }

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

    // At the top level the engine hands structured values over as JSON text.
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
        _ => element.GetRawText(),
    };
}
