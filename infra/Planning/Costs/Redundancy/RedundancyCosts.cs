using HaCluster.Planning.Costs.Estimates;

namespace HaCluster.Planning.Costs.Redundancy;

/// <summary>
/// The cost of each redundancy measure: the total with it minus the total without it. What is spread over zones counts with equal shares, so the
/// differences are those of the current plan; a plan with fewer zones would need larger groups to survive the loss of one.
/// </summary>
internal static class RedundancyCosts
{
    private static readonly string[] Ordinals = ["first", "second", "third", "fourth", "fifth", "sixth"];

    public static IEnumerable<RedundancyCost> Of(CostSheet sheet) =>
        [.. OfZones(sheet), .. OfNat(sheet), .. OfEndpoints(sheet), .. OfReaders(sheet), .. OfSearch(sheet), .. OfVolumes(sheet)];

    private static IEnumerable<RedundancyCost> OfZones(CostSheet sheet)
    {
        if (sheet.Zones.Length < 2)
            yield break;
        var zone = sheet.Zones[^1];
        var ordinal = Ordinals.ElementAtOrDefault(sheet.Zones.Length - 1) ?? "last";
        yield return new RedundancyCost(
            $"the {ordinal} zone ({zone})",
            CostRange.Sum(sheet.Lines.Select(line => line.MonthlyIn(zone))),
            $"everything in it, and 1/{sheet.Zones.Length} of what is spread over the zones");
        yield return new RedundancyCost(
            $"the {ordinal} zone, without nodes",
            CostRange.Sum(sheet.Lines.Where(line => !IsOfNodes(line)).Select(line => line.MonthlyIn(zone))),
            "the same, if its nodes moved to the other zones");
    }

    private static IEnumerable<RedundancyCost> OfNat(CostSheet sheet)
    {
        var gateways = sheet.Lines.Count(line => line.Role == CostRole.NatGateway);
        var zones = sheet.Zones.Length;
        if (gateways == 0 || zones < 2)
            yield break;
        var each = SumOf(sheet, CostRole.NatGateway, CostRole.NatAddress) / gateways;
        yield return gateways > 1
            ? new RedundancyCost("NAT gateway per zone", each * (gateways - 1), $"all but one of {gateways} gateways and addresses")
            : new RedundancyCost("NAT gateway per zone", each * (zones - 1), $"not in this plan: {zones - 1} more, with addresses", false);
    }

    private static IEnumerable<RedundancyCost> OfEndpoints(CostSheet sheet)
    {
        var lines = sheet.Lines.Where(line => line.Role == CostRole.InterfaceEndpoint).ToList();
        if (lines.Count > 0 && sheet.Zones.Length > 0)
        {
            yield return new RedundancyCost(
                "interface endpoints, per zone",
                SumOf(sheet, CostRole.InterfaceEndpoint) / sheet.Zones.Length,
                $"hours of {lines.Count} endpoints in one of {sheet.Zones.Length} zones");
        }
    }

    private static IEnumerable<RedundancyCost> OfReaders(CostSheet sheet)
    {
        foreach (var database in BySubject(sheet, CostRole.DatabaseInstance))
        {
            var proxies = sheet.Lines.Where(line => line.Role == CostRole.DatabaseProxy && line.Subject == database.Key);
            var proxy = CostRange.Sum(proxies.Select(line => line.Monthly)) / database.Count();
            var readers = database.Skip(1)
                .Select((line, index) => (Cost: line.Monthly + proxy, Name: Ordinals.ElementAtOrDefault(index) ?? "further"));
            foreach (var (cost, name) in readers)
                yield return new RedundancyCost($"{database.Key}: the {name} reader", cost, "an instance, and the proxy's price for its vCPUs");
        }
    }

    private static IEnumerable<RedundancyCost> OfSearch(CostSheet sheet)
    {
        foreach (var domain in BySubject(sheet, CostRole.SearchNode, CostRole.SearchMaster))
        {
            var masters = CostRange.Sum(domain.Where(line => line.Role == CostRole.SearchMaster).Select(line => line.Monthly));
            if (masters != CostRange.Zero)
                yield return new RedundancyCost($"{domain.Key}: dedicated masters", masters, "all of them; without them data nodes act as masters");
            var zones = domain.First().Zones.Length;
            if (zones > 1)
            {
                yield return new RedundancyCost(
                    $"{domain.Key}: data nodes per additional zone",
                    CostRange.Sum(domain.Where(line => line.Role == CostRole.SearchNode).Select(line => line.Monthly)) / zones,
                    $"1/{zones} of data nodes and their storage");
            }
        }
    }

    private static IEnumerable<RedundancyCost> OfVolumes(CostSheet sheet)
    {
        var further = sheet.Lines.Where(line => line.Role == CostRole.Volume && line.Replicas > 1).ToList();
        if (further.Count > 0)
        {
            var names = further.Select(line => line.Subject).Distinct().Order(StringComparer.Ordinal);
            yield return new RedundancyCost(
                "volumes of additional replicas",
                CostRange.Sum(further.Select(line => line.Monthly * (line.Replicas - 1) / line.Replicas)),
                $"of {string.Join(", ", names)}: all but one of each");
        }
    }

    private static IEnumerable<IGrouping<string?, CostLine>> BySubject(CostSheet sheet, params CostRole[] roles) =>
        sheet.Lines.Where(line => roles.Contains(line.Role))
            .GroupBy(line => line.Subject)
            .OrderBy(group => group.Key, StringComparer.Ordinal);

    private static bool IsOfNodes(CostLine line) => line.Role is CostRole.Node or CostRole.NodeDisk;

    private static CostRange SumOf(CostSheet sheet, params ReadOnlySpan<CostRole> roles)
    {
        var sum = CostRange.Zero;
        foreach (var role in roles)
            sum += CostRange.Sum(sheet.Lines.Where(line => line.Role == role).Select(line => line.Monthly));
        return sum;
    }
}

/// <summary>The cost of one redundancy measure.</summary>
/// <param name="Method">How the amount was found, in one line.</param>
/// <param name="IsPresent">False for a measure that the plan lacks, whose cost would be added.</param>
public sealed record RedundancyCost(string What, CostRange Monthly, string Method, bool IsPresent = true);
