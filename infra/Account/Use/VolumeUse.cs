using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Use;

/// <summary>TiB of EBS volumes by type.</summary>
internal sealed class VolumeUse(AwsConnection connection, ClusterOwnership ownership) : IUseReader
{
    private const decimal GibInATib = 1024;

    /// <summary>Quota codes by volume type (sources: the quota table of the planning project, which names the same codes).</summary>
    private static readonly ImmutableSortedDictionary<string, string> Codes = new Dictionary<string, string>
    {
        ["gp2"] = "L-D18FCD1D",
        ["gp3"] = "L-7A658B76",
        ["io1"] = "L-FD252861",
        ["io2"] = "L-09BD8365",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public string Subject => "volumes";

    public ImmutableArray<(string Service, string Code)> Quotas => [.. Codes.Values.Select(code => ("ebs", code))];

    public async Task<ImmutableArray<ResourceUse>> ReadAsync(CancellationToken cancellationToken)
    {
        var byType = new Dictionary<string, (decimal Total, decimal Ours)>(StringComparer.Ordinal);
        await foreach (var volume in Ec2Count.ItemsAsync(connection, "DescribeVolumes", "volumeSet", [], 500, cancellationToken))
        {
            if (volume.Text("volumeType") is not { } type
                || !decimal.TryParse(volume.Text("size"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var gib))
                continue;
            var (total, ours) = byType.GetValueOrDefault(type);
            byType[type] = (total + gib, ours + (ownership.Owns(volume.Tags("tagSet")) ? gib : 0));
        }

        return [.. Codes.Select(type => Of(type.Value, byType.GetValueOrDefault(type.Key)))];
    }

    private static ResourceUse Of(string code, (decimal Total, decimal Ours) gib) =>
        new("ebs", code, gib.Total / GibInATib, gib.Ours / GibInATib);
}
