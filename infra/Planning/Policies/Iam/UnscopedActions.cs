using System.Collections.Frozen;

namespace HaCluster.Planning.Policies.Iam;

/// <summary>What can be allowed on every resource only, or without harm: see <c>unscoped-actions.csv</c> for the source.</summary>
internal static class UnscopedActions
{
    private static readonly Lazy<FrozenDictionary<string, FrozenSet<string>>> Table = new(Read);

    /// <summary>Describe and List show names and settings, and mostly have no resource. What shows data is called Get, or by what it does.</summary>
    public static bool IsOverview(ActionPattern action) =>
        Wildcards.FixedStart(action.Name) is var start
        && (start.StartsWith("Describe", StringComparison.OrdinalIgnoreCase) || start.StartsWith("List", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether AWS has no resource that the action could be limited to; null when the service is not in the table.</summary>
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
