using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;

namespace HaCluster.Planning.Costs.Pricers;

/// <summary>The parts of a volume's price.</summary>
internal static class VolumeParts
{
    // Included in every gp3 volume: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
    private const int IncludedIops = 3000, IncludedThroughput = 125;

    /// <param name="properties">Of a template's disk or of a storage class: type, <c>iops</c>, <c>throughput</c> in MiB a second.</param>
    public static IEnumerable<VolumePart> Of(decimal gib, PropertyValue? properties)
    {
        var type = (properties.At("type") ?? properties.At("volumeType")).Text() ?? "gp3";
        var iops = properties.At("iops").Integer();
        var throughput = properties.At("throughput").Integer();
        yield return new VolumePart($"ebs:{type}", gib, "");
        var includedIops = type == "gp3" ? IncludedIops : 0;
        if (iops > includedIops)
            yield return new VolumePart($"ebs:{type}-iops", iops.Value - includedIops, $"IOPS beyond {includedIops}");
        if (throughput - IncludedThroughput is > 0 and var further)
            yield return new VolumePart($"ebs:{type}-throughput", further, $"MB/s beyond {IncludedThroughput}");
    }
}

/// <summary>The charges of one EBS volume: its size, and IOPS and throughput beyond the included amounts.</summary>
/// <param name="Kind">Empty for the size.</param>
internal sealed record VolumePart(string Item, decimal Amount, string Kind)
{
    public string Name(string volumes) => Kind.Length == 0 ? volumes : $"{volumes}, {Kind}";
}
