using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Engine.Graph;

namespace HaCluster.Planning.Plans.Documents;

/// <summary>Reads what <see cref="PlanDocumentWriter"/> wrote; everything but the plaintext of secrets comes back.</summary>
public static class PlanDocumentReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 1000 };

    /// <exception cref="FormatException">Not JSON, not a plan, or a plan of a version this reader does not know.</exception>
    public static PlanDocument Read(Stream stream)
    {
        try
        {
            using var document = JsonDocument.Parse(stream, Options);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || TextOf(root, "format") is not { } format)
                throw new FormatException("not a plan: there is no 'format' entry");
            if (format != PlanDocument.Format)
                throw new FormatException($"this plan is of format '{format}'; this version reads {PlanDocument.Format}");
            return new PlanDocument(ReadGraph(root), TextsOf(root, "warnings"))
            {
                Policies = root.TryGetProperty("policies", out var policies) ? [.. policies.EnumerateArray().Select(PolicyJson.Read)] : [],
            };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"not a plan of format {PlanDocument.Format}: {exception.Message}", exception);
        }
    }

    private static ResourceGraph ReadGraph(JsonElement root) => new()
    {
        Project = root.RequiredText("project"),
        Stack = root.RequiredText("stack"),
        Mode = Enum.Parse<RunMode>(root.RequiredText("mode"), ignoreCase: true),
        Resources = ReadResources(root),
        Outputs = ValueJsonReader.ReadMap(root.GetProperty("outputs")),
        Invokes = [.. root.GetProperty("invokes").EnumerateArray().Select(ReadInvoke)],
        Logs = [.. root.GetProperty("logs").EnumerateArray().Select(ReadLog)],
    };

    /// <summary>Two plans are compared by URNs without the stack and the project, which must therefore be those of the plan.</summary>
    private static ImmutableArray<ResourceNode> ReadResources(JsonElement root)
    {
        ImmutableArray<ResourceNode> resources = [.. root.GetProperty("resources").EnumerateArray().Select(ReadResource)];
        var prefix = ResourceUrn.PrefixOf(root.RequiredText("stack"), root.RequiredText("project"));
        var parents = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var resource in resources)
        {
            if (!ResourceUrn.IsValid(resource.Urn) || !resource.Urn.StartsWith(prefix, StringComparison.Ordinal))
                throw new FormatException($"'{resource.Urn}' is not a URN of this plan; those begin with {prefix}");
            if (!parents.TryAdd(resource.Urn, resource.Parent))
                throw new FormatException($"the resource {resource.Urn} is listed twice");
        }

        RefuseCycles(parents);
        return resources;
    }

    /// <summary>A walk from a resource through its parents must end; the costs of one in a cycle would show under no component.</summary>
    private static void RefuseCycles(Dictionary<string, string?> parents)
    {
        var ending = new HashSet<string>(StringComparer.Ordinal);
        foreach (var urn in parents.Keys)
        {
            var path = new HashSet<string>(StringComparer.Ordinal);
            for (var here = urn; here is not null && !ending.Contains(here); here = parents.GetValueOrDefault(here))
            {
                if (!path.Add(here))
                    throw new FormatException($"the resource {here} is its own ancestor");
            }

            ending.UnionWith(path);
        }
    }

    private static ResourceNode ReadResource(JsonElement json) => new()
    {
        Urn = json.RequiredText("urn"),
        Type = json.RequiredText("type"),
        Name = json.RequiredText("name"),
        Parent = TextOf(json, "parent"),
        IsCustom = json.GetProperty("custom").GetBoolean(),
        IsRead = FlagOf(json, "read") ?? false,
        Id = TextOf(json, "id"),
        Provider = TextOf(json, "provider"),
        Inputs = ValueJsonReader.ReadMap(json.GetProperty("inputs")),
        Outputs = json.TryGetProperty("outputs", out var outputs) ? ValueJsonReader.ReadMap(outputs) : Empty<Engine.Values.PropertyValue>(),
        Dependencies = TextsOf(json, "dependencies"),
        PropertyDependencies = json.TryGetProperty("propertyDependencies", out var properties)
            ? properties.EnumerateObject().ToImmutableSortedDictionary(entry => entry.Name, entry => Texts(entry.Value), StringComparer.Ordinal)
            : Empty<ImmutableArray<string>>(),
        Options = ReadOptions(json.GetProperty("options")),
    };

    private static ResourceNodeOptions ReadOptions(JsonElement json) => new()
    {
        Protect = FlagOf(json, "protect"),
        RetainOnDelete = FlagOf(json, "retainOnDelete"),
        DeleteBeforeReplace = FlagOf(json, "deleteBeforeReplace"),
        DeletedWith = TextOf(json, "deletedWith"),
        ImportId = TextOf(json, "importId"),
        Version = TextOf(json, "version"),
        PluginDownloadUrl = TextOf(json, "pluginDownloadUrl"),
        IgnoreChanges = TextsOf(json, "ignoreChanges"),
        ReplaceOnChanges = TextsOf(json, "replaceOnChanges"),
        AdditionalSecretOutputs = TextsOf(json, "additionalSecretOutputs"),
        Aliases = TextsOf(json, "aliases"),
        CustomTimeouts = json.TryGetProperty("customTimeouts", out var timeouts)
            ? timeouts.EnumerateObject().ToImmutableSortedDictionary(entry => entry.Name, entry => entry.Value.RequiredText(), StringComparer.Ordinal)
            : Empty<string>(),
    };

    private static InvokeRecord ReadInvoke(JsonElement json) => new(
        json.RequiredText("token"),
        ValueJsonReader.ReadMap(json.GetProperty("arguments")),
        ValueJsonReader.ReadMap(json.GetProperty("result")));

    private static LogEntry ReadLog(JsonElement json) => new(
        Enum.Parse<LogSeverity>(json.RequiredText("severity"), ignoreCase: true),
        json.RequiredText("message"),
        TextOf(json, "urn"));

    private static ImmutableSortedDictionary<string, T> Empty<T>() => ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);

    private static ImmutableArray<string> TextsOf(JsonElement json, string name) => json.TryGetProperty(name, out var texts) ? Texts(texts) : [];

    private static ImmutableArray<string> Texts(JsonElement json) => [.. json.EnumerateArray().Select(text => text.RequiredText())];

    private static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static bool? FlagOf(JsonElement json, string name) => json.TryGetProperty(name, out var flag) ? flag.GetBoolean() : null;
}
