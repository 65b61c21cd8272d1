using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Fixes;

/// <summary>Fixes that add AWS resources: NAT gateways, readers, masters.</summary>
internal static class AwsChanges
{
    public static IEnumerable<Candidate> OfNat(ClusterModel model)
    {
        var perZone = model with { NatGateways = [.. model.Zones.Select(zone => new NatGateway($"nat-{zone}", zone, [zone]))] };
        yield return model.NatSetting is { } setting
            ? Candidate.Setting(perZone, Candidate.Edit(setting, "single", "perZone"))
            : Candidate.Manifest(perZone, "NAT gateways", null, Candidate.Edit("count", model.NatGateways.Length, model.Zones.Length));
    }

    public static IEnumerable<Candidate> OfEntryPoint(ClusterModel model, Subject subject)
    {
        foreach (var entry in model.EntryPoints.Where(entry => Subject.Of(entry) == subject))
        {
            yield return Candidate.Manifest(
                model with { EntryPoints = model.EntryPoints.Replace(entry, entry with { CrossesZones = true }) },
                $"Service {entry.Name}", null, new FixEdit(["metadata", "annotations", "service.beta.kubernetes.io/aws-load-balancer-attributes"], "", "load_balancing.cross_zone.enabled=true"));
            yield return Candidate.Manifest(
                model with { EntryPoints = model.EntryPoints.Replace(entry, entry with { Zones = model.Zones, CrossesZones = true }) },
                $"Service {entry.Name}", null, Candidate.Edit("zones", Wording.Zones(entry.Zones), Wording.Zones(model.Zones)));
        }
    }

    /// <summary>One more reader, in a zone without an instance of the database.</summary>
    public static IEnumerable<Candidate> OfDatabase(ClusterModel model, Subject subject)
    {
        foreach (var database in model.Databases.Where(database => Subject.Of(database) == subject))
        {
            var zone = model.Zones.FirstOrDefault(zone => database.Instances.All(instance => instance.Zone != zone)) ?? model.Zones[^1];
            var readers = database.Instances.Length - 1;
            var larger = model with
            {
                Databases = model.Databases.Replace(database, database with { Instances = database.Instances.Add(new DatabaseInstance($"{database.Name}-reader", zone, 15)) }),
            };
            yield return database.ReadersSetting is { } setting
                ? Candidate.Setting(larger, Candidate.Edit(setting, readers, readers + 1))
                : Candidate.Manifest(larger, $"database {database.Name}", null, Candidate.Edit("readers", readers, readers + 1));
        }
    }

    /// <summary>Three dedicated masters, which go to three zones; nodes of one zone go to all.</summary>
    public static IEnumerable<Candidate> OfSearch(ClusterModel model, Subject subject)
    {
        foreach (var domain in model.SearchDomains.Where(domain => Subject.Of(domain) == subject))
        {
            var zones = domain.Zones > 1 ? domain.Zones : Math.Min(3, model.Zones.Length);
            yield return Candidate.Manifest(
                model with { SearchDomains = model.SearchDomains.Replace(domain, domain with { Zones = zones, Masters = 3 }) },
                $"OpenSearch domain {domain.Name}", null, Candidate.Edit("clusterConfig.dedicatedMasterCount", domain.Masters, 3),
                zones == domain.Zones ? null : Candidate.Edit("clusterConfig.zoneAwarenessConfig.availabilityZoneCount", domain.Zones, zones));
        }
    }
}
