using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using HaCluster.Engine.Graph;
using HaCluster.Engine.Values;

namespace HaCluster.Conformance.Emit;

/// <summary>Writes values as TypeScript expressions, with the resources they come from where the value shows it.</summary>
internal sealed partial class ValueWriter(
    PackageFacts facts, IReadOnlyDictionary<string, ResourceNode> resources, Identifiers identifiers)
{
    private static readonly JsonSerializerOptions Quoting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A literal that depends on nothing.</summary>
    public string Literal(PropertyValue value, int indent) => Write(value, indent, [], []);

    /// <summary>An expression with exactly these dependencies.</summary>
    public string Dependent(PropertyValue value, ImmutableArray<string> dependencies, int indent)
    {
        var covered = new HashSet<string>(StringComparer.Ordinal);
        var expression = Write(value, indent, dependencies, covered);
        var missing = dependencies.Where(urn => !covered.Contains(urn)).Select(urn => identifiers[urn]).ToList();
        if (missing.Count == 0)
            return expression;

        // A text that a dependency covers is that dependency's output, not a literal.
        var function = value is PropertyValue.Text && covered.Count > 0 ? "outputAfter" : "after";
        return $"{function}([{string.Join(", ", missing)}], {expression})";
    }

    public static string Quote(string text) => JsonSerializer.Serialize(text, Quoting);

    public static string Key(string name) =>
        name == "__proto__" ? "[\"__proto__\"]" : IdentifierPattern().IsMatch(name) ? name : Quote(name);

    private string Write(PropertyValue value, int indent, ImmutableArray<string> dependencies, HashSet<string> covered)
    {
        string Nested(PropertyValue inner, int by) => Write(inner, indent + by, dependencies, covered);
        return value switch
        {
            PropertyValue.Null => "null",
            PropertyValue.Bool flag => flag.Value ? "true" : "false",
            PropertyValue.Number number => number.Value.ToString("R", CultureInfo.InvariantCulture),
            PropertyValue.Text text => Source(text.Value, dependencies, covered) ?? Quote(text.Value),
            PropertyValue.Secret secret => $"secret({Nested(secret.Inner, 0)})",
            PropertyValue.List list => Block('[', ']', list.Items.Select(item => Nested(item, 1)), indent),
            PropertyValue.Map map => Block('{', '}', map.Entries.Select(entry => $"{Key(entry.Key)}: {Nested(entry.Value, 1)}"), indent),
            PropertyValue.Reference reference => Referenced(reference, covered),
            PropertyValue.Asset asset => AssetExpression(asset),
            PropertyValue.Archive { Assets: { } assets } =>
                $"new pulumi.asset.AssetArchive({Nested(new PropertyValue.Map(assets), 0)})",
            PropertyValue.Archive { Value: { } source } archive =>
                $"new pulumi.asset.{(archive.Kind == "uri" ? "RemoteArchive" : "FileArchive")}({Quote(source)})",
            _ => throw new NotSupportedException($"{value.GetType().Name} has no literal: emit a graph of a simulated run"),
        };
    }

    /// <summary>The output of a dependency that has this very value, such as <c>_mainVpc.id</c>.</summary>
    private string? Source(string text, ImmutableArray<string> dependencies, HashSet<string> covered)
    {
        foreach (var urn in dependencies)
        {
            var resource = resources[urn];
            if (!resource.IsCustom || OutputWith(text, resource) is not { } output)
                continue;
            covered.Add(urn);
            return $"{identifiers[urn]}.{output}";
        }
        return null;
    }

    private string? OutputWith(string text, ResourceNode resource)
    {
        if (text.Length == 0)
            return null;
        if (resource.Id == text)
            return "id";
        var wanted = new PropertyValue.Text(text);
        return resource.Outputs
            .Where(output => output.Key is not ("id" or "urn") && output.Value.Equals(wanted) && facts.IsRequiredText(resource.Type, output.Key))
            .Select(output => output.Key)
            .FirstOrDefault();
    }

    private string Referenced(PropertyValue.Reference reference, HashSet<string> covered)
    {
        covered.Add(reference.Urn);
        return identifiers[reference.Urn];
    }

    private static string AssetExpression(PropertyValue.Asset asset) => asset.Kind switch
    {
        "text" => $"new pulumi.asset.StringAsset({Quote(asset.Value)})",
        "uri" => $"new pulumi.asset.RemoteAsset({Quote(asset.Value)})",
        _ => $"new pulumi.asset.FileAsset({Quote(asset.Value)})",
    };

    /// <summary>On one line when short, else one item a line.</summary>
    private static string Block(char open, char close, IEnumerable<string> items, int indent)
    {
        const int shortEnough = 100;
        var all = items.ToList();
        if (all.Count == 0)
            return $"{open}{close}";
        var line = $"{open} {string.Join(", ", all)} {close}";
        if (line.Length <= shortEnough && !line.Contains('\n', StringComparison.Ordinal))
            return line;
        var block = new StringBuilder().Append(open).Append('\n');
        foreach (var item in all)
            block.Append(' ', 4 * (indent + 1)).Append(item).Append(",\n");
        return block.Append(' ', 4 * indent).Append(close).ToString();
    }

    [GeneratedRegex(@"^[A-Za-z_$][A-Za-z0-9_$]*\z")]
    private static partial Regex IdentifierPattern();
}
