using HaCluster.Planning.Proof;
using HaCluster.Planning.Proof.Report;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Proof;

/// <summary>Each protection that is taken from the small cluster is missed, by name, with its fix. What the cluster needs of AWS: routes, databases, search.</summary>
public sealed class ServiceTests
{
    [Fact]
    public void A_single_NAT_gateway_takes_other_zones_with_it()
    {
        var model = SmallCluster.Create() with { NatGateways = [new NatGateway("nat", SmallCluster.Zones[0], SmallCluster.Zones)] };
        var violation = Told.Only(model, Invariant.Routes, "NAT");
        Assert.Equal("1b+1c reach the internet through a NAT gateway in 1a only", violation.Text);
        Assert.Equal("change nat from single to perZone", violation.Fix.ToString());
    }

    [Fact]
    public void A_database_without_readers_has_nobody_to_promote()
    {
        var model = SmallCluster.Create();
        model = model with { Databases = [model.Databases[0] with { Instances = [model.Databases[0].Instances[0]] }] };
        var violation = Told.Only(model, Invariant.Serving, "postgres");
        Assert.Equal("change databases.postgresql.readers from 0 to 1", violation.Fix.ToString());
    }

    [Fact]
    public void Readers_beside_the_writer_do_not_survive_the_zone()
    {
        var model = SmallCluster.Create();
        var here = model.Databases[0].Instances.Select(instance => instance with { Zone = SmallCluster.Zones[1] });
        var violation = Told.Only(model with { Databases = [model.Databases[0] with { Instances = [.. here] }] }, Invariant.Serving, "postgres");
        Assert.Contains("are in 1b like the writer", violation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_masters_have_no_majority_without_one()
    {
        var model = SmallCluster.Create();
        var violation = Told.Only(model with { SearchDomains = [model.SearchDomains[0] with { Masters = 2 }] }, Invariant.Quorum, "logs");
        Assert.StartsWith("1 of 2 masters is not a majority", violation.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 3, 3, false)]
    [InlineData(3, 3, 2, false)]
    [InlineData(0, 3, 3, false)]
    [InlineData(0, 6, 3, false)]
    [InlineData(0, 4, 3, true)]
    [InlineData(0, 4, 2, true)]
    [InlineData(0, 3, 2, true)]
    public void Voters_of_a_search_domain_are_counted_in_the_fullest_zone(int masters, int dataNodes, int zones, bool isBroken)
    {
        var model = SmallCluster.Create() with { SearchDomains = [new SearchDomain("logs", dataNodes, masters, zones, HasStandby: false)] };
        Assert.Equal(isBroken, Prover.Prove(model, new ProofOptions { FixTime = TimeSpan.Zero }).Violations.Any(one => one.Cause == Cause.NoMajority));
    }
}
