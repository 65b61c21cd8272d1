using System.Globalization;
using HaCluster.Planning.Capacity;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning;

/// <summary>Formats amounts, times and places.</summary>
public static class Wording
{
    /// <summary>Shortens <c>eu-central-1a</c> to <c>1a</c>, since the region is known.</summary>
    public static string Zone(string zone) => zone.Length > 2 && zone.LastIndexOf('-') is > 0 and var dash ? zone[(dash + 1)..] : zone;

    public static string Zones(IEnumerable<string> zones) => string.Join('+', zones.Select(Zone));

    /// <summary>When something is over: <c>6 min 12 s</c>, or <c>at once</c>.</summary>
    public static string Time(TimeSpan time) => time.TotalSeconds < 1 ? "at once" : Duration(time);

    /// <summary>How long something takes: <c>0 s</c>, <c>under 1 s</c>, <c>45 s</c>, <c>6 min 12 s</c>, <c>2 h 5 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Duration(TimeSpan time) => Durations.Format(time);

    /// <summary>The excess of <paramref name="need"/> over <paramref name="room"/>: <c>3.2 vCPU and 1.5 GiB of memory</c>; empty when nothing is.</summary>
    public static string Lack(Resources need, Resources room)
    {
        var lack = need - room;
        return Join(
            lack.MilliCpu > 0 ? $"{Cpu(lack.MilliCpu)} vCPU" : null,
            lack.MemoryBytes > 0 ? $"{Quantity.Bytes(lack.MemoryBytes)} of memory" : null,
            lack.EphemeralBytes > 0 ? $"{Quantity.Bytes(lack.EphemeralBytes)} of local disk" : null);
    }

    public static string Amounts(Resources amounts) => Join(
        $"{Cpu(amounts.MilliCpu)} vCPU", $"{Quantity.Bytes(amounts.MemoryBytes)} of memory", $"{Quantity.Bytes(amounts.EphemeralBytes)} of local disk");

    /// <summary>A count with its noun: <c>1 VPC</c>, <c>3 NAT gateways</c>.</summary>
    public static string Count(int count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>The first few, and how many more there are.</summary>
    public static string Some(IReadOnlyCollection<string> names, int most = 3) =>
        names.Count <= most ? string.Join(", ", names) : $"{string.Join(", ", names.Take(most))} and {Count(names.Count - most, "other")}";

    public static string Verb(int count, string one, string many) => count == 1 ? one : many;

    private static string Cpu(long milli) => Quantity.Number(milli / 1000m);

    private static string Join(params string?[] parts)
    {
        var said = parts.OfType<string>().ToList();
        return said.Count < 2 ? string.Concat(said) : $"{string.Join(", ", said.SkipLast(1))} and {said[^1]}";
    }
}
