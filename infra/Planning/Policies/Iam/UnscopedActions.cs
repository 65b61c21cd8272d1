using System.Collections.Frozen;

namespace HaCluster.Planning.Policies.Iam;

/// <summary>Actions that can be allowed only on every resource, or harmlessly: see <c>unscoped-actions.csv</c> for the source.</summary>
internal static class UnscopedActions
{
    private static readonly Lazy<FrozenDictionary<string, FrozenSet<string>>> Table = new(Read);

    /// <summary>Describe and List show names and settings, and mostly have no resource. Actions that show data are named Get or differently.</summary>
    public static bool IsOverview(ActionPattern action) =>
        Wildcards.FixedStart(action.Name) is var start
        && (start.StartsWith("Describe", StringComparison.OrdinalIgnoreCase) || start.StartsWith("List", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the action cannot be limited to resources in AWS; null when the service is not in the table.</summary>
    public static bool? HasNoResource(ActionPattern action) =>
        Table.Value.TryGetValue(action.Service, out var actions) ? actions.Contains(action.Name) : null;

    private static FrozenDictionary<string, FrozenSet<string>> Read()
    {
        using var reader = new StreamReader(typeof(UnscopedActions).Assembly.GetManifestResourceStream("unscoped-actions.csv")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.Split(','))
            .ToFrozenDictionary(
                line => line[0],
                line => line[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase));
    }
}
