using System.Globalization;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Proof.Repairs;

/// <summary>NAT gateways, readers, masters: what AWS can be asked for more of.</summary>
internal static class AwsChanges
{
    public static IEnumerable<Candidate> Of(ClusterModel model, string subject)
    {
        if (subject == "NAT")
        {
            var perZone = model.Zones.Select(zone => new NatGateway($"nat-{zone}", zone, [zone]));
            yield return new Candidate(new Repair(model.NatSetting ?? "NAT gateways", "single", "perZone", IsVerified: false), model with { NatGateways = [.. perZone] });
        }

        foreach (var entry in model.EntryPoints.Where(entry => entry.Name == subject))
        {
            yield return new Candidate(
                new Repair($"cross-zone load balancing of {entry.Name}", "off", "on", IsVerified: false),
                model with { EntryPoints = model.EntryPoints.Replace(entry, entry with { CrossesZones = true }) });
            yield return new Candidate(
                new Repair($"zones of {entry.Name}", Wording.Zones(entry.Zones), Wording.Zones(model.Zones), IsVerified: false),
                model with { EntryPoints = model.EntryPoints.Replace(entry, entry with { Zones = model.Zones, CrossesZones = true }) });
        }

        foreach (var database in model.Databases.Where(database => database.Name == subject))
            yield return MoreReaders(model, database);

        foreach (var domain in model.SearchDomains.Where(domain => domain.Name == subject))
        {
            var zones = Math.Min(3, model.Zones.Length);
            yield return new Candidate(
                new Repair($"zones and masters of {domain.Name}", Text(domain.Zones), Text(zones), IsVerified: false),
                model with { SearchDomains = model.SearchDomains.Replace(domain, domain with { Zones = zones, Masters = 3 }) });
        }
    }

    /// <summary>In a zone where none of its instances stands.</summary>
    private static Candidate MoreReaders(ClusterModel model, Database database)
    {
        var zone = model.Zones.FirstOrDefault(zone => database.Instances.All(instance => instance.Zone != zone)) ?? model.Zones[^1];
        var reader = new DatabaseInstance($"{database.Name}-reader", zone, 15);
        var readers = database.Instances.Length - 1;
        return new Candidate(
            new Repair(database.ReadersSetting ?? $"readers of {database.Name}", Text(readers), Text(readers + 1), IsVerified: false),
            model with { Databases = model.Databases.Replace(database, database with { Instances = database.Instances.Add(reader) }) });
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
