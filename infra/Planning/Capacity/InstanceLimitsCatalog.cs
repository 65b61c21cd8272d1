using System.Collections.Frozen;
using System.Globalization;

namespace HaCluster.Planning.Capacity;

/// <summary>The limits that <c>instance-limits.csv</c> knows; its sources are named in the file.</summary>
public static class InstanceLimitsCatalog
{
    private static readonly Lazy<FrozenDictionary<string, InstanceLimits>> Types = new(Load);

    /// <summary>Null for a type that is newer than the table, or does not exist.</summary>
    public static InstanceLimits? Find(string name) => Types.Value.GetValueOrDefault(name);

    private static FrozenDictionary<string, InstanceLimits> Load()
    {
        using var reader = new StreamReader(typeof(InstanceLimitsCatalog).Assembly.GetManifestResourceStream("instance-limits.csv")!);
        return Rows(reader).ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);
    }

    private static IEnumerable<InstanceLimits> Rows(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line.StartsWith("type,", StringComparison.Ordinal))
                continue;
            var cells = line.Split(',');
            yield return new InstanceLimits(cells[0], Number(cells[1]), Number(cells[2]), Number(cells[3]), cells[4] == "shared");
        }
    }

    private static int Number(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);
}
