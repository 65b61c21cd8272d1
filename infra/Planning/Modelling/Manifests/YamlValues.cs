using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Stacks;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Planning.Modelling.Manifests;

/// <summary>Turns YAML nodes into property values, with anchors and merge keys resolved.</summary>
internal sealed class YamlValues(YamlFile file)
{
    private const int DeepestNesting = 100;
    private const int MaxValues = 10_000_000;
    private static readonly string[] TrueWords = ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON"];
    private static readonly string[] FalseWords = ["n", "N", "no", "No", "NO", "off", "Off", "OFF"];

    private int _values;

    /// <exception cref="UnreadableInputException">The document expands without end, or a key is not a string.</exception>
    public PropertyValue Read(YamlNode node) => Read(node, 0);

    private PropertyValue Read(YamlNode node, int depth)
    {
        if (depth > DeepestNesting || ++_values > MaxValues)
            throw file.Error(node, $"anchors or nesting expand to more than {DeepestNesting} levels or {MaxValues:N0} values");
        return node switch
        {
            YamlScalarNode scalar => Scalar(scalar),
            YamlSequenceNode sequence => new PropertyValue.List([.. sequence.Children.Select(child => Read(child, depth + 1))]),
            YamlMappingNode mapping => Mapping(mapping, depth),
            _ => throw file.Error(node, "this kind of YAML node cannot be part of a Kubernetes object"),
        };
    }

    private static PropertyValue Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str")
            return new PropertyValue.Text(text);
        // kubectl reads YAML 1.1 (https://github.com/kubernetes-sigs/yaml/blob/v1.6.0/goyaml.v2/resolve.go).
        if (TrueWords.Contains(text))
            return new PropertyValue.Bool(true);
        if (FalseWords.Contains(text))
            return new PropertyValue.Bool(false);
        return YamlScalarResolver.Resolve(text) switch
        {
            ConfigValue.Null => PropertyValue.Null.Instance,
            ConfigValue.Bool value => new PropertyValue.Bool(value.Value),
            ConfigValue.Integer value => new PropertyValue.Number((double)value.Value),
            ConfigValue.Float value => new PropertyValue.Number(value.Value),
            _ => new PropertyValue.Text(text),
        };
    }

    private PropertyValue.Map Mapping(YamlMappingNode mapping, int depth)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<string, PropertyValue>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Children.Where(child => !IsMerge(child.Key)))
            entries[KeyOf(key)] = Read(value, depth + 1);
        foreach (var (_, value) in mapping.Children.Where(child => IsMerge(child.Key)))
        {
            foreach (var source in value is YamlSequenceNode sequence ? sequence.Children : [value])
            {
                if (Read(source, depth + 1) is not PropertyValue.Map merged)
                    throw file.Error(source, "'<<' merges mappings only");
                foreach (var (name, inherited) in merged.Entries.Where(entry => !entries.ContainsKey(entry.Key)))
                    entries[name] = inherited;
            }
        }

        return new PropertyValue.Map(entries.ToImmutable());
    }

    private static bool IsMerge(YamlNode key) => key is YamlScalarNode { Value: "<<", Style: ScalarStyle.Plain };

    /// <summary>Keys like numbers or <c>on</c> are strings here: Kubernetes has no other keys.</summary>
    private string KeyOf(YamlNode key) =>
        key is YamlScalarNode { Value: { } text } ? text : throw file.Error(key, "a key must be text");
}
