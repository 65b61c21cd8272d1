using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Planning.Stacks;

/// <summary>A value to set in a stack file.</summary>
/// <param name="Path">The full key (<c>ha-cluster:nodePools</c>), then the names below it.</param>
/// <param name="Value">As YAML, on one line.</param>
public sealed record SettingEdit(ImmutableArray<string> Path, string Value);

/// <summary>
/// Changes single values in the text of a stack file and keeps comments, order and everything else. Each result is parsed again: it must have the
/// requested values, and no other change.
/// </summary>
public static class StackFileEditor
{
    private const string Config = "config";

    /// <exception cref="UnreadableInputException">The file cannot be understood, or has the value in a form that cannot be edited automatically (an anchor, a merge).</exception>
    public static string Apply(string path, string text, string project, IEnumerable<SettingEdit> edits) =>
        edits.Aggregate(text, (current, edit) => Apply(path, current, project, edit));

    /// <summary>Removes one entry with everything below it. A mapping that loses its last entry stays as <c>{}</c>.</summary>
    /// <param name="names">The full key (<c>ha-cluster:sites</c>), then the names below it: at least one.</param>
    /// <exception cref="UnreadableInputException">The file cannot be understood, has no such entry, or has it in a form that cannot be edited automatically.</exception>
    public static string Remove(string path, string text, string project, ImmutableArray<string> names)
    {
        var file = YamlFile.Parse(path, text);
        var before = StackFile.Parse(file, project);
        var changed = Without(file, text, project, names);
        var after = StackFile.Parse(YamlFile.Parse(path, changed), project);
        return Cut(new ConfigValue.Map(before.Config), names.AsSpan()).Equals(new ConfigValue.Map(after.Config))
            ? changed
            : throw new UnreadableInputException($"{path}: {string.Join('.', names)} cannot be removed without changing more than that; remove it by hand");
    }

    private static string Without(YamlFile file, string text, string project, ImmutableArray<string> names)
    {
        var missing = new UnreadableInputException($"{file.Path}: {string.Join('.', names)} is not set");
        var mapping = file.Root as YamlMappingNode ?? throw missing;
        YamlNode? mappingKey = null;
        ImmutableArray<string> steps = [Config, .. names];
        for (var depth = 0; ; depth++)
        {
            var wanted = steps[depth];
            var (key, value) = mapping.Children.FirstOrDefault(
                child => child.Key is YamlScalarNode { Value: { } name } && (depth == 1 ? ConfigKey.Parse(name, project) : name) == wanted);
            if (key is null)
                throw missing;
            if (!value.Anchor.IsEmpty)
                throw file.Error(value, $"{string.Join('.', names)} is part of an anchor, which other settings may share; remove it by hand");
            if (depth == steps.Length - 1)
                return Without(text, mapping, mappingKey, key, value);
            (mapping, mappingKey) = (value as YamlMappingNode ?? throw missing, key);
        }
    }

    private static string Without(string text, YamlMappingNode mapping, YamlNode? mappingKey, YamlNode key, YamlNode value)
    {
        var (start, end) = (OffsetOf(text, key.Start), OffsetOf(text, EndOf(value)));
        if (mapping.Style == YamlDotNet.Core.Events.MappingStyle.Flow)
        {
            // With the comma behind it, or before it where it is the last.
            var comma = text.AsSpan(end).IndexOfAnyExcept(' ', '\n', '\r');
            if (comma >= 0 && text[end + comma] == ',')
                return text[..start] + text[(end + comma + 1)..].TrimStart(' ');
            var kept = text[..start].TrimEnd();
            return (kept.EndsWith(',') ? kept[..^1] : kept) + text[end..];
        }

        if (mapping.Children.Count == 1 && mappingKey is not null)
        {
            var colon = text.IndexOf(':', OffsetOf(text, mappingKey.End));
            return text[..(colon + 1)] + " {}" + text[end..];
        }

        return text[..(text.LastIndexOf('\n', Math.Max(0, start - 1)) + 1)] + text[LineEnd(text, end)..];
    }

    private static ConfigValue.Map Cut(ConfigValue.Map map, ReadOnlySpan<string> names) => names.Length == 1
        ? new ConfigValue.Map(map.Entries.Remove(names[0]))
        : new ConfigValue.Map(map.Entries.SetItem(names[0], Cut((ConfigValue.Map)map.Entries[names[0]], names[1..])));

    private static string Apply(string path, string text, string project, SettingEdit edit)
    {
        var file = YamlFile.Parse(path, text);
        var before = StackFile.Parse(file, project);
        var changed = file.Root is YamlMappingNode root
            ? In(file, text, root, project, edit)
            : Append(text, 0, [Config, .. edit.Path], edit.Value);
        var after = StackFile.Parse(YamlFile.Parse(path, changed), project);
        var wanted = Set(new ConfigValue.Map(before.Config), edit.Path.AsSpan(), ValueOf(edit.Value));
        return wanted.Equals(new ConfigValue.Map(after.Config))
            ? changed
            : throw new UnreadableInputException($"{path}: {string.Join('.', edit.Path)} cannot be set to {edit.Value} without changing more than that; change it by hand");
    }

    private static string In(YamlFile file, string text, YamlMappingNode root, string project, SettingEdit edit)
    {
        var (mapping, names) = (root, (ImmutableArray<string>)[Config, .. edit.Path]);
        for (var depth = 0; ; depth++)
        {
            if (Find(mapping, names[depth], depth == 1 ? project : null) is not { } node)
                return Insert(file, text, mapping, names[depth..], edit.Value);
            if (!node.Anchor.IsEmpty)
                throw file.Error(node, $"{string.Join('.', edit.Path)} is part of an anchor, which other settings may share; change it by hand");
            if (depth == names.Length - 1)
                return Replace(text, node, edit.Value);
            if (node is YamlMappingNode inner)
                mapping = inner;
            else if (node is YamlScalarNode { Value: null or "" or "null" or "~" })
                return Replace(text, node, Flow(names[(depth + 1)..], edit.Value));
            else
                throw file.Error(node, $"{string.Join('.', names[1..(depth + 1)])} is not a mapping; change it by hand");
        }
    }

    private static YamlNode? Find(YamlMappingNode mapping, string name, string? project) => mapping.Children
        .Where(child => child.Key is YamlScalarNode { Value: { } key } && (project is null ? key : ConfigKey.Parse(key, project)) == name)
        .Select(child => child.Value).FirstOrDefault();

    private static string Replace(string text, YamlNode node, string value)
    {
        var (start, end) = (OffsetOf(text, node.Start), OffsetOf(text, EndOf(node)));
        // An empty value begins directly after the colon.
        var gap = start > 0 && text[start - 1] == ':' ? " " : "";
        return text[..start] + gap + value + text[end..];
    }

    private static string Insert(YamlFile file, string text, YamlMappingNode mapping, ImmutableArray<string> names, string value)
    {
        if (mapping.Children.Any(child => child.Key is YamlScalarNode { Value: "<<" }) && names.Length > 1)
            throw file.Error(mapping, $"'<<' may merge {names[0]} from elsewhere; change it by hand");
        if (mapping.Style == YamlDotNet.Core.Events.MappingStyle.Flow || mapping.Children.Count == 0)
        {
            var open = OffsetOf(text, mapping.Start) + 1;
            var next = mapping.Children.Count == 0 ? "" : ", ";
            return text[..open] + $"{Name(names[0])}: {(names.Length == 1 ? value : Flow(names[1..], value))}{next}" + text[open..];
        }

        // After the line of the last entry; comments of the next entry stay with it.
        var end = LineEnd(text, OffsetOf(text, EndOf(mapping.Children.Last().Value)));
        var indent = (int)mapping.Children.First().Key.Start.Column - 1;
        return text[..end] + Lines(text, end, indent, names, value) + text[end..];
    }

    private static string Append(string text, int indent, ImmutableArray<string> names, string value) => text + Lines(text, text.Length, indent, names, value);

    /// <summary>One line per name, each one level deeper, with the value on the last.</summary>
    private static string Lines(string text, int at, int indent, ImmutableArray<string> names, string value)
    {
        const int Step = 2;
        var newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var lines = names.Select((name, depth) => $"{new string(' ', indent + (Step * depth))}{Name(name)}:{(depth == names.Length - 1 ? " " + value : "")}{newLine}");
        return (at == 0 || text[at - 1] == '\n' ? "" : newLine) + string.Concat(lines);
    }

    private static string Flow(ImmutableArray<string> names, string value) =>
        names.Reverse().Aggregate(value, (inner, name) => $"{{{Name(name)}: {inner}}}");

    /// <summary>Quoted where YAML would read another value.</summary>
    private static string Name(string name) =>
        YamlScalarResolver.Resolve(name) is ConfigValue.Text && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '/' or '.' or ':')
            ? name
            : $"\"{name}\"";

    /// <summary>The end of its last scalar, because the end mark of a block is at the next token, after comments.</summary>
    private static Mark EndOf(YamlNode node) => node switch
    {
        YamlMappingNode { Style: not YamlDotNet.Core.Events.MappingStyle.Flow, Children.Count: > 0 } mapping => EndOf(mapping.Children.Last().Value),
        YamlSequenceNode { Style: not YamlDotNet.Core.Events.SequenceStyle.Flow, Children.Count: > 0 } sequence => EndOf(sequence.Children.Last()),
        _ => node.End,
    };

    private static int OffsetOf(string text, Mark mark)
    {
        var at = 0;
        for (var line = 1; line < mark.Line; line++)
            at = text.IndexOf('\n', at) is >= 0 and var end ? end + 1 : text.Length;
        return Math.Min(text.Length, at + (int)mark.Column - 1);
    }

    private static int LineEnd(string text, int at) =>
        at > 0 && text[at - 1] == '\n' ? at : text.IndexOf('\n', at) is >= 0 and var end ? end + 1 : text.Length;

    private static ConfigValue ValueOf(string yaml)
    {
        var file = YamlFile.Parse("value", yaml);
        return new ConfigReader(file).Read("", file.Root!);
    }

    private static ConfigValue Set(ConfigValue? value, ReadOnlySpan<string> path, ConfigValue leaf)
    {
        if (path.IsEmpty)
            return leaf;
        var entries = value is ConfigValue.Map map ? map.Entries : ImmutableSortedDictionary.Create<string, ConfigValue>(StringComparer.Ordinal);
        return new ConfigValue.Map(entries.SetItem(path[0], Set(entries.GetValueOrDefault(path[0]), path[1..], leaf)));
    }
}
