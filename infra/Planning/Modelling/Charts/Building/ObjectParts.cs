using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Modelling.Manifests;
using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Modelling.Charts.Building;

/// <summary>Helpers that build parts of Kubernetes objects; null entries are left out.</summary>
internal static class ObjectParts
{
    public static PropertyValue.Map Map(params ReadOnlySpan<(string Key, PropertyValue? Value)> entries)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, PropertyValue>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            if (value is not null)
                map[key] = value;
        }

        return new PropertyValue.Map(map.ToImmutable());
    }

    public static PropertyValue.List List(params ReadOnlySpan<PropertyValue?> items)
    {
        var list = ImmutableArray.CreateBuilder<PropertyValue>();
        foreach (var item in items)
        {
            if (item is not null)
                list.Add(item);
        }

        return new PropertyValue.List(list.ToImmutable());
    }

    public static PropertyValue.Text Text(string text) => new(text);

    public static PropertyValue.Number Number(double number) => new(number);

    /// <summary>A part written in this program; malformed YAML is a bug.</summary>
    public static PropertyValue Yaml(string text)
    {
        var file = YamlFile.Parse("a chart's values", text);
        return file.Root is { } root ? new YamlValues(file).Read(root) : Map();
    }

    /// <summary>Merged with <paramref name="more"/>, which wins.</summary>
    public static PropertyValue.Map And(this PropertyValue? map, PropertyValue? more) => new(
        ((map as PropertyValue.Map)?.Entries ?? Map().Entries).SetItems((more as PropertyValue.Map)?.Entries ?? Map().Entries));

    public static PropertyValue.Map Container(
        string name, PropertyValue? resources, PropertyValue? readiness = null, PropertyValue? startup = null, PropertyValue? ports = null) => Map(
        ("name", Text(name)), ("resources", resources), ("readinessProbe", readiness), ("startupProbe", startup), ("ports", ports));

    /// <summary>Ports of the container; on the host network they are ports of the node.</summary>
    public static PropertyValue.List Ports(params ReadOnlySpan<int> ports)
    {
        var list = ImmutableArray.CreateBuilder<PropertyValue>();
        foreach (var port in ports)
            list.Add(Map(("containerPort", Number(port))));
        return new PropertyValue.List(list.ToImmutable());
    }
}
