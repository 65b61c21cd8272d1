using System.Text.Json;
using System.Text.Json.Nodes;

namespace HaCluster.Conformance.Emit;

/// <summary>What the official class of a resource adds by itself, read from the package schemas of <c>infra/Sdk</c>.</summary>
public sealed class PackageFacts
{
    private readonly Dictionary<string, JsonObject> _resources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _providers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _versions = new(StringComparer.Ordinal);

    private PackageFacts() { }

    /// <param name="schemaFiles">The schema.json files of the packages in use.</param>
    public static PackageFacts Load(params IEnumerable<string> schemaFiles)
    {
        var facts = new PackageFacts();
        foreach (var file in schemaFiles)
            facts.Add(JsonNode.Parse(File.ReadAllText(file))?.AsObject() ?? throw new JsonException($"{file} is empty"));
        return facts;
    }

    /// <summary>The version the class puts on its requests; null for a package without schema.</summary>
    public string? DefaultVersion(string type) => _versions.GetValueOrDefault(PackageOf(type));

    /// <summary>True when the official property is an <c>Output&lt;string&gt;</c>, which goes wherever a string is wanted.</summary>
    public bool IsRequiredText(string type, string output) =>
        Resource(type) is { } resource
        && resource["properties"]?[output]?["type"]?.GetValue<string>() == "string"
        && (resource["required"]?.AsArray().Any(name => name!.GetValue<string>() == output) ?? false);

    /// <summary>Provider settings that are not strings travel as JSON text; this tells them apart.</summary>
    public bool IsJsonEncoded(string type, string input) =>
        type.StartsWith("pulumi:providers:", StringComparison.Ordinal)
        && Resource(type)?["inputProperties"]?[input] is { } property
        && property["type"]?.GetValue<string>() != "string";

    public IEnumerable<string> SecretOutputs(string type) => OutputsWith(type, "secret");

    public IEnumerable<string> ReplaceOnChanges(string type) => OutputsWith(type, "replaceOnChanges");

    /// <summary>Former types, which the class adds to the aliases.</summary>
    public IEnumerable<string> AliasTypes(string type) =>
        Resource(type)?["aliases"]?.AsArray().Select(alias => alias!["type"]!.GetValue<string>()) ?? [];

    private IEnumerable<string> OutputsWith(string type, string flag) =>
        Resource(type)?["properties"]?.AsObject()
            .Where(property => property.Value?[flag]?.GetValue<bool>() ?? false)
            .Select(property => property.Key) ?? [];

    private void Add(JsonObject schema)
    {
        var name = schema["name"]!.GetValue<string>();
        _versions[name] = schema["version"]!.GetValue<string>();
        if (schema["provider"]?.AsObject() is { } provider)
            _providers[name] = provider;
        foreach (var (token, resource) in schema["resources"]!.AsObject())
            _resources[token] = resource!.AsObject();
    }

    private JsonObject? Resource(string type) =>
        type.StartsWith("pulumi:providers:", StringComparison.Ordinal) ? _providers.GetValueOrDefault(PackageOf(type)) : _resources.GetValueOrDefault(type);

    private static string PackageOf(string type)
    {
        var parts = type.Split(':');
        return parts is ["pulumi", "providers", var package] ? package : parts[0];
    }
}
