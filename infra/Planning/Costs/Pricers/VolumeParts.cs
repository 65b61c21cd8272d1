namespace HaCluster.Planning.Costs.Pricers;

/// <summary>The parts of a volume's price.</summary>
internal static class VolumeParts
{
    // Included in every gp3 volume: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
    private const int IncludedIops = 3000, IncludedThroughput = 125;

    /// <param name="throughput">In MiB a second.</param>
    public static IEnumerable<VolumePart> Of(string type, decimal gib, int? iops, int? throughput)
    {
        yield return new VolumePart($"ebs:{type}", gib, "");
        var includedIops = type == "gp3" ? IncludedIops : 0;
        if (iops > includedIops)
            yield return new VolumePart($"ebs:{type}-iops", iops.Value - includedIops, $"IOPS beyond {includedIops}");
        if (throughput > IncludedThroughput)
            yield return new VolumePart($"ebs:{type}-throughput", throughput.Value - IncludedThroughput, $"MB/s beyond {IncludedThroughput}");
    }
}
