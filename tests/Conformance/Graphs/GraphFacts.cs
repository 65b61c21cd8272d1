using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Conformance.Graphs;

/// <summary>A graph as flat text, <c>URN -> fact -> value</c>, so that two can be compared line by line.</summary>
internal static class GraphFacts
{
    public const string StackOutputs = "stack outputs";

    public static Dictionary<string, SortedDictionary<string, string>> Of(ResourceGraph graph)
    {
        var facts = graph.Resources.ToDictionary(resource => resource.Urn, Of, StringComparer.Ordinal);
        facts[StackOutputs] = [];
        Add(facts[StackOutputs], "output", graph.Outputs);
        return facts;
    }

    private static SortedDictionary<string, string> Of(ResourceNode resource)
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["type"] = resource.Type,
            ["name"] = resource.Name,
            ["parent"] = resource.Parent ?? "",
            ["kind"] = resource.IsRead ? "read" : resource.IsCustom ? "custom" : "component",
            ["id"] = resource.Id ?? "",
            ["provider"] = resource.Provider ?? "",
            ["dependencies"] = Lines(resource.Dependencies),
        };
        Add(facts, "input", resource.Inputs);
        // The stack's outputs are compared once, under a heading of their own.
        if (resource.Parent is not null)
            Add(facts, "output", resource.Outputs);
        foreach (var (property, urns) in resource.PropertyDependencies)
            facts[$"dependencies.{property}"] = Lines(urns);
        AddOptions(facts, resource.Options);
        return facts;
    }

    private static void AddOptions(SortedDictionary<string, string> facts, ResourceNodeOptions options)
    {
        void Set(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                facts[$"option.{name}"] = value;
        }

        Set("protect", options.Protect?.ToString());
        Set("retainOnDelete", options.RetainOnDelete?.ToString());
        Set("deleteBeforeReplace", options.DeleteBeforeReplace?.ToString());
        Set("deletedWith", options.DeletedWith);
        Set("import", options.ImportId);
        Set("version", options.Version);
        Set("pluginDownloadURL", options.PluginDownloadUrl);
        Set("ignoreChanges", Lines(options.IgnoreChanges.Sort(StringComparer.Ordinal)));
        Set("replaceOnChanges", Lines(options.ReplaceOnChanges.Sort(StringComparer.Ordinal)));
        Set("additionalSecretOutputs", Lines(options.AdditionalSecretOutputs.Sort(StringComparer.Ordinal)));
        Set("aliases", Lines(options.Aliases.Sort(StringComparer.Ordinal)));
        Set("customTimeouts", string.Join(' ', options.CustomTimeouts.Select(timeout => $"{timeout.Key}={timeout.Value}")));
    }

    private static void Add(SortedDictionary<string, string> facts, string prefix, ImmutableSortedDictionary<string, PropertyValue> values)
    {
        foreach (var (name, value) in values)
            facts[$"{prefix}.{name}"] = Text(value);
    }

    private static string Lines(ImmutableArray<string> items) => string.Join('\n', items);

    private static string Text(PropertyValue value) => value switch
    {
        PropertyValue.Null => "null",
        PropertyValue.Bool flag => flag.Value ? "true" : "false",
        PropertyValue.Number number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        PropertyValue.Text text => $"\"{text.Value}\"",
        PropertyValue.List list => $"[{string.Join(", ", list.Items.Select(Text))}]",
        PropertyValue.Map map => $"{{{Entries(map.Entries)}}}",
        PropertyValue.Secret secret => $"secret({Text(secret.Inner)})",
        PropertyValue.Unknown => "unknown",
        PropertyValue.Output output =>
            $"output({(output.Inner is { } inner ? Text(inner) : "unknown")}, {output.IsSecret}, {Lines(output.Dependencies)})",
        PropertyValue.Reference reference => $"resource({reference.Urn}, {reference.Id})",
        PropertyValue.Asset asset => $"asset({asset.Kind} {asset.Value})",
        PropertyValue.Archive archive =>
            $"archive({archive.Kind} {archive.Value}{(archive.Assets is { } assets ? Entries(assets) : "")})",
        _ => throw new NotSupportedException(value.GetType().Name),
    };

    private static string Entries(ImmutableSortedDictionary<string, PropertyValue> entries) =>
        string.Join(", ", entries.Select(entry => $"\"{entry.Key}\": {Text(entry.Value)}"));
}
