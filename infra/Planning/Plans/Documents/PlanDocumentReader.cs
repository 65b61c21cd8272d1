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
        Project = root.GetProperty("project").GetString()!,
        Stack = root.GetProperty("stack").GetString()!,
        Mode = Enum.Parse<RunMode>(root.GetProperty("mode").GetString()!, ignoreCase: true),
        Resources = [.. root.GetProperty("resources").EnumerateArray().Select(ReadResource)],
        Outputs = ValueJsonReader.ReadMap(root.GetProperty("outputs")),
        Invokes = [.. root.GetProperty("invokes").EnumerateArray().Select(ReadInvoke)],
        Logs = [.. root.GetProperty("logs").EnumerateArray().Select(ReadLog)],
    };

    private static ResourceNode ReadResource(JsonElement json) => new()
    {
        Urn = json.GetProperty("urn").GetString()!,
        Type = json.GetProperty("type").GetString()!,
        Name = json.GetProperty("name").GetString()!,
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
            ? timeouts.EnumerateObject().ToImmutableSortedDictionary(entry => entry.Name, entry => entry.Value.GetString()!, StringComparer.Ordinal)
            : Empty<string>(),
    };

    private static InvokeRecord ReadInvoke(JsonElement json) => new(
        json.GetProperty("token").GetString()!,
        ValueJsonReader.ReadMap(json.GetProperty("arguments")),
        ValueJsonReader.ReadMap(json.GetProperty("result")));

    private static LogEntry ReadLog(JsonElement json) => new(
        Enum.Parse<LogSeverity>(json.GetProperty("severity").GetString()!, ignoreCase: true),
        json.GetProperty("message").GetString()!,
        TextOf(json, "urn"));

    private static ImmutableSortedDictionary<string, T> Empty<T>() => ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);

    private static ImmutableArray<string> TextsOf(JsonElement json, string name) => json.TryGetProperty(name, out var texts) ? Texts(texts) : [];

    private static ImmutableArray<string> Texts(JsonElement json) => [.. json.EnumerateArray().Select(text => text.GetString()!)];

    private static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static bool? FlagOf(JsonElement json, string name) => json.TryGetProperty(name, out var flag) ? flag.GetBoolean() : null;
}
