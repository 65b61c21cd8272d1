using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Planning.Stacks;

/// <summary>Turns YAML nodes into typed configuration values, with anchors and merge keys resolved.</summary>
/// <param name="written">Takes the values that a program gets in another form than they were written, by full key: 0x1 arrives as 1.</param>
internal sealed class ConfigReader(YamlFile file, ICollection<string>? warnings = null, IDictionary<string, WrittenValue>? written = null)
{
    private const int DeepestNesting = 100;
    private const int MaxNodes = 100_000;
    private int _nodes;

    /// <exception cref="UnreadableInputException">A value no setting can hold, or a document that expands without end.</exception>
    public ConfigValue Read(string key, YamlNode node) => Read(key, node, 0);

    private ConfigValue Read(string path, YamlNode node, int depth)
    {
        if (depth > DeepestNesting || ++_nodes > MaxNodes)
            throw file.Error(node, $"anchors or nesting expand to more than {DeepestNesting} levels or {MaxNodes:N0} values");
        return node switch
        {
            YamlScalarNode scalar => Scalar(path, scalar),
            YamlSequenceNode sequence => new ConfigValue.List([.. sequence.Children.Select((child, index) => Read($"{path}[{index}]", child, depth + 1))]),
            YamlMappingNode mapping => Mapping(path, mapping, depth),
            _ => throw file.Error(node, "this kind of YAML node cannot be a setting"),
        };
    }

    private ConfigValue Scalar(string path, YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style != ScalarStyle.Plain || scalar.Tag == "tag:yaml.org,2002:str")
            return new ConfigValue.Text(text);
        var value = YamlScalarResolver.Resolve(text)
            ?? throw file.Error(scalar, $"{text} is not a number that a setting can hold; quote it if it is meant as text");
        if (value is ConfigValue.Float number && text.EndsWith('0') && ConfigJson.Number(number.Value) is var read && read != text)
            warnings?.Add($"{file.Place(scalar)}: {text} is a number to YAML and arrives as {read}; quote it if it is a version");
        if (value.ToConfigText() is var arrives && arrives != text)
            written?.TryAdd(path, new WrittenValue(arrives, text));
        return value;
    }

    private ConfigValue Mapping(string path, YamlMappingNode mapping, int depth)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<string, ConfigValue>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Children)
        {
            if (IsMerge(key))
                continue;
            var name = KeyOf(key);
            entries[name] = Read($"{path}.{name}", value, depth + 1);
        }

        foreach (var merged in mapping.Children.Where(child => IsMerge(child.Key)).SelectMany(child => MergeSources(child.Value)))
        {
            // Entries of the mapping override merged ones, and earlier sources override later ones.
            if (Read(path, merged, depth + 1) is not ConfigValue.Map source)
                throw file.Error(merged, "'<<' merges mappings only");
            foreach (var (key, value) in source.Entries)
            {
                if (!entries.ContainsKey(key))
                    entries[key] = value;
            }
        }

        return entries.Count == 1 && entries.TryGetValue("secure", out var secret) && secret is ConfigValue.Text
            ? new ConfigValue.Secure()
            : new ConfigValue.Map(entries.ToImmutable());
    }

    private static IEnumerable<YamlNode> MergeSources(YamlNode node) => node is YamlSequenceNode sequence ? sequence.Children : [node];

    private static bool IsMerge(YamlNode key) => key is YamlScalarNode { Value: "<<", Style: ScalarStyle.Plain };

    private string KeyOf(YamlNode key)
    {
        if (key is YamlScalarNode { Value: { } text } scalar
            && (scalar.Style != ScalarStyle.Plain || YamlScalarResolver.Resolve(text) is ConfigValue.Text))
            return text;
        throw file.Error(key, $"a key must be text: quote '{key}'");
    }
}

/// <summary>A value that arrives at the program in another form than it was written.</summary>
public sealed record WrittenValue(string Arrives, string Text);

/// <summary>One entry of <c>config:</c> in <c>Pulumi.yaml</c>: a setting of the stack, with its type and default.</summary>
/// <param name="Key">The full key, <c>project:name</c>.</param>
/// <param name="Type">Null when the entry declares none.</param>
/// <param name="IsSecret">The stack file must hold it encrypted.</param>
/// <param name="Value">The default (or, for keys of other namespaces, the value); null when a stack must set it.</param>
public sealed record ConfigDeclaration(string Key, ConfigType? Type, bool IsSecret, ConfigValue? Value);
