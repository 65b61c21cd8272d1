using System.Text;
using HaCluster.Engine.Values;
using HaCluster.Planning.Stacks;

namespace HaCluster.Planning.Rendering;

/// <summary>Writes plain values as block-style YAML, two spaces per level, as usual for kubectl.</summary>
internal sealed class YamlWriter
{
    private const int Step = 2;

    // The first fields of every object in the usual order; all others are sorted.
    private static readonly string[] First = ["apiVersion", "kind", "metadata", "name", "namespace"];
    private readonly StringBuilder _yaml = new();

    /// <summary>The entries as one document; they hold maps, lists and scalars only.</summary>
    public static string Write(IEnumerable<KeyValuePair<string, PropertyValue>> entries)
    {
        var writer = new YamlWriter();
        writer.WriteEntries(entries, 0, startsInLine: false);
        return writer._yaml.ToString();
    }

    private void WriteEntries(IEnumerable<KeyValuePair<string, PropertyValue>> entries, int indent, bool startsInLine)
    {
        foreach (var (key, value) in entries.OrderBy(entry => Rank(entry.Key)).ThenBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (!startsInLine)
                _yaml.Append(' ', indent);
            startsInLine = false;
            _yaml.Append(YamlText.Inline(key)).Append(':');
            // Lists are not indented under their key, as kubectl prints them.
            WriteNested(value, indent + Step, value is PropertyValue.List ? indent : indent + Step);
        }
    }

    private void WriteItems(PropertyValue.List list, int indent)
    {
        foreach (var item in list.Items)
        {
            _yaml.Append(' ', indent).Append('-');
            if (item is PropertyValue.Map { Entries.IsEmpty: false } map)
            {
                _yaml.Append(' ');
                WriteEntries(map.Entries, indent + Step, startsInLine: true);
            }
            else
            {
                WriteNested(item, indent + Step, indent + Step);
            }
        }
    }

    /// <summary>The text after <c>key:</c> or <c>-</c>, with the line end.</summary>
    private void WriteNested(PropertyValue value, int blockIndent, int childIndent)
    {
        switch (value)
        {
            case PropertyValue.Map { Entries.IsEmpty: false } map:
                _yaml.Append('\n');
                WriteEntries(map.Entries, childIndent, startsInLine: false);
                break;
            case PropertyValue.List { Items.IsEmpty: false } list:
                _yaml.Append('\n');
                WriteItems(list, childIndent);
                break;
            case PropertyValue.Text text when YamlText.IsBlock(text.Value):
                WriteBlock(text.Value, blockIndent);
                break;
            default:
                _yaml.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private void WriteBlock(string text, int indent)
    {
        _yaml.Append(' ').Append(YamlText.BlockHeader(text, Step)).Append('\n');
        var lines = text.Split('\n');
        // The last part follows the last line break: empty when the text ends with one.
        var count = text.EndsWith('\n') ? lines.Length - 1 : lines.Length;
        foreach (var line in lines.Take(count))
        {
            if (line.Length > 0)
                _yaml.Append(' ', indent).Append(line);
            _yaml.Append('\n');
        }
    }

    private static string Scalar(PropertyValue value) => value switch
    {
        PropertyValue.Null => "null",
        PropertyValue.Bool boolean => boolean.Value ? "true" : "false",
        PropertyValue.Number number => ConfigJson.Number(number.Value),
        PropertyValue.Text text => YamlText.Inline(text.Value),
        PropertyValue.Map => "{}",
        PropertyValue.List => "[]",
        _ => throw new ArgumentException($"{value.GetType().Name} has no YAML form; resolve it first", nameof(value)),
    };

    private static int Rank(string key) => Array.IndexOf(First, key) is >= 0 and var rank ? rank : First.Length;
}
