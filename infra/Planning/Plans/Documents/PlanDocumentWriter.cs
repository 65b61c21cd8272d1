using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Engine.Graph;
using HaCluster.Planning.Documents;

namespace HaCluster.Planning.Plans.Documents;

/// <summary>Writes a <see cref="PlanDocument"/>; secrets never reach the stream in clear.</summary>
public static class PlanDocumentWriter
{
    public static void Write(Stream stream, PlanDocument document)
    {
        var graph = StableOrder.Of(SecretRedaction.Redact(document.Graph));
        using (var json = new Utf8JsonWriter(stream, DocumentJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("format", PlanDocument.Format);
            json.WriteString("project", graph.Project);
            json.WriteString("stack", graph.Stack);
            json.WriteString("mode", Lower(graph.Mode));
            WriteTexts(json, "warnings", document.Warnings);
            if (document.FirstUp is { } firstUp)
                WriteFirstUp(json, firstUp);
            if (!document.Policies.IsEmpty)
                WriteList(json, "policies", document.Policies, policy => PolicyJson.Write(json, policy));
            WriteList(json, "resources", graph.Resources, resource => WriteResource(json, resource));
            json.WritePropertyName("outputs");
            ValueJsonWriter.WriteMap(json, graph.Outputs);
            WriteList(json, "invokes", graph.Invokes, invoke => WriteInvoke(json, invoke));
            WriteList(json, "logs", graph.Logs, entry => WriteLog(json, entry));
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void WriteFirstUp(Utf8JsonWriter json, FirstUpEstimate estimate)
    {
        json.WriteStartObject("firstUp");
        json.WriteNumber("minutes", Math.Round(estimate.Time.TotalMinutes));
        WriteList(json, "path", estimate.Path, step =>
        {
            json.WriteStartObject();
            json.WriteString("urn", step.Resource.Urn);
            json.WriteNumber("seconds", step.Time.TotalSeconds);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, ResourceNode resource)
    {
        json.WriteStartObject();
        json.WriteString("urn", resource.Urn);
        json.WriteString("type", resource.Type);
        json.WriteString("name", resource.Name);
        WriteText(json, "parent", resource.Parent);
        json.WriteBoolean("custom", resource.IsCustom);
        if (resource.IsRead)
            json.WriteBoolean("read", true);
        WriteText(json, "id", resource.Id);
        WriteText(json, "provider", resource.Provider);
        json.WritePropertyName("inputs");
        ValueJsonWriter.WriteMap(json, resource.Inputs);
        if (!resource.Outputs.IsEmpty)
        {
            json.WritePropertyName("outputs");
            ValueJsonWriter.WriteMap(json, resource.Outputs);
        }

        if (!resource.Dependencies.IsEmpty)
            WriteTexts(json, "dependencies", resource.Dependencies);
        if (!resource.PropertyDependencies.IsEmpty)
        {
            json.WriteStartObject("propertyDependencies");
            foreach (var (property, urns) in resource.PropertyDependencies)
                WriteTexts(json, property, urns);
            json.WriteEndObject();
        }

        WriteOptions(json, resource.Options);
        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, ResourceNodeOptions options)
    {
        json.WriteStartObject("options");
        WriteFlag(json, "protect", options.Protect);
        WriteFlag(json, "retainOnDelete", options.RetainOnDelete);
        WriteFlag(json, "deleteBeforeReplace", options.DeleteBeforeReplace);
        WriteText(json, "deletedWith", options.DeletedWith);
        WriteText(json, "importId", options.ImportId);
        WriteText(json, "version", options.Version);
        WriteText(json, "pluginDownloadUrl", options.PluginDownloadUrl);
        foreach (var (name, texts) in TextLists(options))
        {
            if (!texts.IsEmpty)
                WriteTexts(json, name, texts);
        }

        if (!options.CustomTimeouts.IsEmpty)
        {
            json.WriteStartObject("customTimeouts");
            foreach (var (operation, duration) in options.CustomTimeouts)
                json.WriteString(operation, duration);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static IEnumerable<(string Name, ImmutableArray<string> Texts)> TextLists(ResourceNodeOptions options) =>
    [
        ("ignoreChanges", options.IgnoreChanges),
        ("replaceOnChanges", options.ReplaceOnChanges),
        ("additionalSecretOutputs", options.AdditionalSecretOutputs),
        ("aliases", options.Aliases),
    ];

    private static void WriteInvoke(Utf8JsonWriter json, InvokeRecord invoke)
    {
        json.WriteStartObject();
        json.WriteString("token", invoke.Token);
        json.WritePropertyName("arguments");
        ValueJsonWriter.WriteMap(json, invoke.Arguments);
        json.WritePropertyName("result");
        ValueJsonWriter.WriteMap(json, invoke.Result);
        json.WriteEndObject();
    }

    private static void WriteLog(Utf8JsonWriter json, LogEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("severity", Lower(entry.Severity));
        json.WriteString("message", entry.Message);
        WriteText(json, "urn", entry.Urn);
        json.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, ImmutableArray<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
            write(item);
        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, ImmutableArray<string> texts) =>
        WriteList(json, name, texts, json.WriteStringValue);

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void WriteFlag(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is not null)
            json.WriteBoolean(name, value.Value);
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
