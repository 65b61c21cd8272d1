using System.Collections.Concurrent;
using System.Text.Json;

namespace HaCluster.Engine.Schemas;

/// <summary>
/// The resources, types and functions of one provider package, in the form of the official Pulumi Package Schema.
/// The document is indexed when loaded; a specification is made only when it is first asked for, since a program uses few of them.
/// </summary>
internal sealed class PackageSchema
{
    private readonly Dictionary<string, JsonElement> _resources;
    private readonly Dictionary<string, JsonElement> _types;
    private readonly Dictionary<string, JsonElement> _functions;
    private readonly ConcurrentDictionary<string, ResourceSpec> _resourceSpecs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, object> _typeSpecs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ObjectSpec> _functionSpecs = new(StringComparer.Ordinal);
    private readonly Lazy<ResourceSpec> _provider;

    private PackageSchema(JsonElement root)
    {
        Name = root.GetProperty("name").GetString()!;
        Version = root.GetProperty("version").GetString()!;
        _resources = Index(root, "resources");
        _types = Index(root, "types");
        _functions = Index(root, "functions");
        _provider = new Lazy<ResourceSpec>(() => root.TryGetProperty("provider", out var provider)
            ? SpecReader.Resource($"pulumi:providers:{Name}", provider)
            : new ResourceSpec($"pulumi:providers:{Name}", ObjectSpec.Empty, ObjectSpec.Empty));
    }

    /// <summary>The package, such as <c>aws</c>.</summary>
    public string Name { get; }

    /// <summary>The version of the provider the schema was taken from.</summary>
    public string Version { get; }

    public ResourceSpec Provider => _provider.Value;

    public IEnumerable<string> ResourceTokens => _resources.Keys;

    public IEnumerable<string> FunctionTokens => _functions.Keys;

    /// <exception cref="JsonException">The document is not a package schema.</exception>
    public static PackageSchema Parse(Stream json) => new(JsonDocument.Parse(json).RootElement);

    public ResourceSpec? FindResource(string token) => _resources.TryGetValue(token, out var element)
        ? _resourceSpecs.GetOrAdd(token, static (key, json) => SpecReader.Resource(key, json), element)
        : null;

    public ObjectSpec? FindFunctionInputs(string token) => _functions.TryGetValue(token, out var element)
        ? _functionSpecs.GetOrAdd(token, static (_, json) =>
            json.TryGetProperty("inputs", out var inputs) ? SpecReader.Object(inputs) : ObjectSpec.Empty, element)
        : null;

    /// <summary>An object or enum type: an <see cref="ObjectSpec"/> or an <see cref="EnumSpec"/>; null when the schema lacks it.</summary>
    public object? FindType(string token) => _types.TryGetValue(token, out var element)
        ? _typeSpecs.GetOrAdd(token, static (_, json) => SpecReader.Type(json), element)
        : null;

    private static Dictionary<string, JsonElement> Index(JsonElement root, string section)
    {
        var index = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (root.TryGetProperty(section, out var entries))
        {
            foreach (var entry in entries.EnumerateObject())
                index[entry.Name] = entry.Value;
        }
        return index;
    }
}
