using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using HaCluster.Engine.Validation;

namespace HaCluster.Engine.Invokes;

/// <summary>A region of AWS with the zones an ordinary account sees in it (data and source: <c>regions.json</c>).</summary>
internal sealed record AwsRegion(string Code, string Description, ImmutableArray<AwsZone> Zones)
{
    private static readonly Lazy<ImmutableSortedDictionary<string, AwsRegion>> All = new(Load);

    public string Partition =>
        Code.StartsWith("cn-", StringComparison.Ordinal) ? "aws-cn" : Code.StartsWith("us-gov-", StringComparison.Ordinal) ? "aws-us-gov" : "aws";

    public string DnsSuffix => Partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";

    /// <exception cref="InvokeFailure">The region does not exist, or no region is configured.</exception>
    public static AwsRegion Get(string? code)
    {
        if (code is null)
            throw new InvokeFailure("no region is configured; set aws:region, for example to eu-central-1");
        return Find(code) ?? throw new InvokeFailure($"there is no AWS region '{code}'; {Suggestion(code)}; correct aws:region");
    }

    public static AwsRegion? Find(string code) => All.Value.GetValueOrDefault(code);

    private static string Suggestion(string code)
    {
        var near = NearestName.Find(code, All.Value.Keys, 3);
        return near.Count == 0
            ? $"the regions are {string.Join(", ", All.Value.Keys)}"
            : $"the nearest are {string.Join(", ", near)}";
    }

    private static ImmutableSortedDictionary<string, AwsRegion> Load()
    {
        using var json = typeof(AwsRegion).Assembly.GetManifestResourceStream("regions.json")!;
        return JsonSerializer.Deserialize(json, RegionFileContext.Default.RegionFile)!.Regions.ToImmutableSortedDictionary(
            region => region.Key,
            region => new AwsRegion(
                region.Key,
                region.Value.Name,
                [.. region.Value.Zones.Select(zone => new AwsZone(region.Key + zone.Key, $"{region.Value.Prefix}-az{zone.Value}"))]),
            StringComparer.Ordinal);
    }

    internal sealed record RegionFile(string Source, string Note, SortedDictionary<string, RegionEntry> Regions);

    internal sealed record RegionEntry(string Name, string Prefix, SortedDictionary<string, int> Zones);
}

/// <summary>An availability zone: its name in the account, <c>eu-central-1a</c>, and its id everywhere, <c>euc1-az2</c>.</summary>
internal sealed record AwsZone(string Name, string Id);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AwsRegion.RegionFile))]
internal sealed partial class RegionFileContext : JsonSerializerContext;
