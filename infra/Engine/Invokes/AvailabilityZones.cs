using System.Collections.Immutable;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Invokes;

/// <summary><c>aws:index/getAvailabilityZones</c>: the zones of a region, filtered as EC2's DescribeAvailabilityZones does.</summary>
internal static class AvailabilityZones
{
    private const string Available = "available";

    public static ImmutableSortedDictionary<string, PropertyValue> Get(ImmutableSortedDictionary<string, PropertyValue> arguments, string? region)
    {
        var known = AwsRegion.Get(region);
        var filters = FiltersOf(arguments);
        var excludedNames = Texts(arguments.GetValueOrDefault("excludeNames"));
        var excludedIds = Texts(arguments.GetValueOrDefault("excludeZoneIds"));
        var state = arguments.GetValueOrDefault("state").AsText();
        var zones = known.Zones.Where(zone =>
            (state is null or Available)
            && !excludedNames.Contains(zone.Name)
            && !excludedIds.Contains(zone.Id)
            && filters.All(filter => filter.Values.Contains(Attribute(known, zone, filter.Name)))).ToList();

        var result = arguments.ToBuilder();
        result["id"] = new PropertyValue.Text(known.Code);
        result["region"] = new PropertyValue.Text(known.Code);
        result["names"] = TextList(zones.Select(zone => zone.Name));
        result["zoneIds"] = TextList(zones.Select(zone => zone.Id));
        result["groupNames"] = TextList(zones.Count == 0 ? [] : [GroupName(known)]);
        return result.ToImmutable();
    }

    private static string Attribute(AwsRegion region, AwsZone zone, string filter) => filter switch
    {
        "region-name" => region.Code,
        "zone-name" => zone.Name,
        "zone-id" => zone.Id,
        "zone-type" => "availability-zone",
        "group-name" => GroupName(region),
        "group-long-name" => region.Description,
        "network-border-group" => region.Code,
        "state" => Available,
        // Only local and wavelength zones are opted into one by one, also in regions that an account must enable.
        "opt-in-status" => "opt-in-not-required",
        _ => throw new InvokeFailure(
            $"the embedded engine does not support the filter '{filter}'; it supports region-name, zone-name, zone-id, zone-type, group-name, group-long-name, network-border-group, state, opt-in-status"),
    };

    private static string GroupName(AwsRegion region) => $"{region.Code}-zg-1";

    private static List<(string Name, HashSet<string> Values)> FiltersOf(ImmutableSortedDictionary<string, PropertyValue> arguments) =>
    [
        .. (arguments.GetValueOrDefault("filters")?.Unwrap() as PropertyValue.List)?.Items.Select(filter =>
            (filter.AsMap()?.GetValueOrDefault("name").AsText() ?? "", Texts(filter.AsMap()?.GetValueOrDefault("values")))) ?? [],
    ];

    private static HashSet<string> Texts(PropertyValue? list) =>
        (list?.Unwrap() as PropertyValue.List)?.Items.Select(item => item.AsText() ?? "").ToHashSet(StringComparer.Ordinal) ?? [];

    private static PropertyValue.List TextList(IEnumerable<string> texts) => PropertyMap.ListOf(texts.Select(text => new PropertyValue.Text(text)));
}
