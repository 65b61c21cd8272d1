using System.Text.Json;
using System.Text.RegularExpressions;

namespace HaCluster.Twin.Kubernetes.Tables;

/// <summary>
/// The part of JSONPath that printer columns use: <c>.spec.replicas</c>, <c>.status.conditions[?(@.type=="Ready")].status</c>, <c>.spec.hosts[0]</c>,
/// <c>.metadata.annotations.a\.b</c>. Anything else finds nothing.
/// </summary>
internal static partial class SimplePath
{
    public static IReadOnlyList<Match> Parse(string path)
    {
        var steps = Step().Matches(path).ToList();
        return steps.Sum(step => step.Length) == path.Length ? steps : [];
    }

    public static JsonElement? Find(JsonElement root, IReadOnlyList<Match> path)
    {
        if (path.Count == 0)
            return null;
        JsonElement? at = root;
        foreach (var step in path)
            at = at is { } value ? Next(value, step) : null;
        return at is { ValueKind: not JsonValueKind.Null } ? at : null;
    }

    private static JsonElement? Next(JsonElement value, Match step)
    {
        if (step.Groups["name"].Success)
            return value.ValueKind == JsonValueKind.Object && value.TryGetProperty(step.Groups["name"].Value.Replace("\\.", ".", StringComparison.Ordinal), out var property) ? property : null;
        if (value.ValueKind != JsonValueKind.Array)
            return null;
        if (step.Groups["index"].Success)
            return int.TryParse(step.Groups["index"].Value, System.Globalization.CultureInfo.InvariantCulture, out var index) && index < value.GetArrayLength() ? value[index] : null;
        var (key, wanted) = (step.Groups["key"].Value, step.Groups["value"].Value);
        return value.EnumerateArray().Cast<JsonElement?>().FirstOrDefault(item => item!.Value.ValueKind == JsonValueKind.Object
            && item.Value.TryGetProperty(key, out var actual) && actual.ValueKind == JsonValueKind.String && actual.GetString() == wanted);
    }

    [GeneratedRegex("""\.(?<name>(?:[^.\[\\]|\\.)+)|\[(?<index>\d+)\]|\[\?\(@\.(?<key>\w+)\s*==\s*["'](?<value>[^"']*)["']\)\]""", RegexOptions.ExplicitCapture)]
    private static partial Regex Step();
}
