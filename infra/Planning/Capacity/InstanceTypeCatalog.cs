using System.Collections.Frozen;
using System.Globalization;

namespace HaCluster.Planning.Capacity;

/// <summary>The instance types that <c>instance-types.csv</c> knows; its source is named in the file.</summary>
public static class InstanceTypeCatalog
{
    private static readonly Lazy<FrozenDictionary<string, InstanceType>> Types = new(Load);

    /// <summary>Null for a type that is newer than the table, or does not exist.</summary>
    public static InstanceType? Find(string name) => Types.Value.GetValueOrDefault(name);

    private static FrozenDictionary<string, InstanceType> Load()
    {
        using var reader = new StreamReader(typeof(InstanceTypeCatalog).Assembly.GetManifestResourceStream("instance-types.csv")!);
        return Rows(reader).ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);
    }

    private static IEnumerable<InstanceType> Rows(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line.StartsWith("type,", StringComparison.Ordinal))
                continue;
            var cells = line.Split(',');
            yield return new InstanceType(
                cells[0],
                int.Parse(cells[1], CultureInfo.InvariantCulture),
                decimal.Parse(cells[2], CultureInfo.InvariantCulture));
        }
    }
}

/// <summary>The capacity of one EC2 instance type.</summary>
/// <param name="VirtualCpus">vCPUs.</param>
/// <param name="MemoryGib">Memory in GiB, before the reserves of the system and the kubelet.</param>
public sealed record InstanceType(string Name, int VirtualCpus, decimal MemoryGib);
