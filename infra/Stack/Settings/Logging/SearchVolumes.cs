using System.Collections.Frozen;

namespace HaCluster.Stack.Settings.Logging;

/// <summary>
/// Largest gp3 volumes of OpenSearch Service by instance type, from the table "EBS volume size quotas" of
/// https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html#ebsresource.
/// </summary>
internal static class SearchVolumes
{
    private const int Tebibyte = 1024;

    // By family and generation: the generations named, and those between; from the last one on the same.
    private static readonly FrozenDictionary<string, FrozenDictionary<string, int>> Largest = new Dictionary<string, FrozenDictionary<string, int>>
    {
        ["m5"] = Sizes("large 1024, xlarge 2048, 2xlarge 3072, 4xlarge 6144, 8xlarge 12288, 12xlarge 18432"),
        ["m7"] = Sizes("medium 512, large 768, xlarge 2048, 2xlarge 3072, 4xlarge 6144, 8xlarge 12288, 12xlarge 18432, 16xlarge 24576"),
        ["c5"] = Sizes("large 256, xlarge 512, 2xlarge 1024, 4xlarge 1536, 8xlarge 3072, 9xlarge 3584, 12xlarge 4608, 18xlarge 7168"),
        ["c7"] = Sizes("large 256, xlarge 512, 2xlarge 1024, 4xlarge 1536, 8xlarge 3072, 12xlarge 4608, 16xlarge 6144"),
        ["r5"] = Sizes("large 2048, xlarge 3072, 2xlarge 6144, 4xlarge 12288, 8xlarge 16384, 12xlarge 24576"),
        ["r7"] = Sizes("medium 768, large 1532, xlarge 3072, 2xlarge 6144, 4xlarge 12288, 8xlarge 16384, 12xlarge 24576, 16xlarge 36864"),
        ["or1"] = Sizes("medium 768, large 1532, xlarge 3072, 2xlarge 6144, 4xlarge 12288, 8xlarge 16384, 12xlarge 24576, 16xlarge 36864"),
        ["om2"] = Sizes("large 768, xlarge 2048, 2xlarge 3072, 4xlarge 6144, 8xlarge 12288, 12xlarge 18432, 16xlarge 24576"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The largest volume of all, in GiB.</summary>
    public const int LargestOfAll = 36 * Tebibyte;

    /// <summary>Smallest volume, in GiB: of the families or and om 20, of the others 10, which are full before an alarm can be acted on.</summary>
    public const int Smallest = 20;

    /// <summary>Largest volume in GiB; null for a type that the table does not name.</summary>
    public static int? LargestOf(string type)
    {
        if (Shapes.SearchInstanceTypePattern().Match(type) is not { Success: true } match)
            return null;

        var family = match.Groups["family"].Value;
        for (var generation = match.Groups["generation"].Value[0]; generation >= '1'; generation--)
        {
            if (Largest.TryGetValue($"{family}{generation}", out var sizes))
                return sizes.TryGetValue(match.Groups["size"].Value, out var size) ? size : null;
        }

        return null;
    }

    private static FrozenDictionary<string, int> Sizes(string text) => text.Split(", ")
        .Select(entry => entry.Split(' '))
        .ToFrozenDictionary(entry => entry[0], entry => int.Parse(entry[1], System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
