using HaCluster.Simulation.Model;

namespace HaCluster.Simulation.Tests;

public sealed class SeparationTests
{
    private static readonly LabelSelector Own = LabelSelector.Of(Labels.Of(("app", "web")));

    [Theory]
    [InlineData(3, 3, 1, 1, 1)]
    [InlineData(3, 3, 2, 1, 2)]
    [InlineData(3, 2, 1, 1, 2)]
    [InlineData(4, 3, 1, 1, 2)]
    [InlineData(2, 3, 1, 1, 1)]
    [InlineData(3, 3, 5, 1, 3)]
    [InlineData(6, 3, 3, 1, 4)]
    [InlineData(3, 1, 1, 1, 3)]
    [InlineData(3, 2, 1, 3, 1)]
    [InlineData(4, 2, 2, 3, 2)]
    public void A_required_spread_bounds_what_one_zone_holds(int replicas, int zones, int maxSkew, int minDomains, int atWorst)
    {
        var workload = With(replicas, new TopologySpread
        {
            TopologyKey = Labels.Zone,
            MaxSkew = maxSkew,
            IsRequired = true,
            MinDomains = minDomains,
            Selector = Own,
        });

        Assert.Equal(new Separation(atWorst, false), Separation.Of(workload, Labels.Zone, zones));
    }

    [Fact]
    public void A_preferred_spread_promises_nothing()
    {
        var workload = With(3, new TopologySpread { TopologyKey = Labels.Zone, MaxSkew = 1, IsRequired = false, Selector = Own });

        Assert.Equal(new Separation(3, true), Separation.Of(workload, Labels.Zone, 3));
    }

    [Fact]
    public void A_spread_that_does_not_select_its_own_pods_promises_nothing()
    {
        var other = LabelSelector.Of(Labels.Of(("app", "other")));
        var workload = With(3, new TopologySpread { TopologyKey = Labels.Zone, MaxSkew = 1, IsRequired = true, Selector = other });

        Assert.Equal(new Separation(3, false), Separation.Of(workload, Labels.Zone, 3));
    }

    [Fact]
    public void Anti_affinity_leaves_one_to_each_node_and_says_nothing_of_zones()
    {
        var workload = With(3) with
        {
            Pods = new PodSpec
            {
                Labels = Labels.Of(("app", "web")),
                Affinity = new Affinity { Apart = [new PodAffinityTerm(Own, Labels.Host, [])] },
            },
        };

        Assert.Equal(1, Separation.Of(workload, Labels.Host, 9).AtWorst);
        Assert.Equal(3, Separation.Of(workload, Labels.Zone, 3).AtWorst);
    }

    [Fact]
    public void What_a_zone_holds_at_most_bounds_its_nodes()
    {
        var workload = With(3, new TopologySpread { TopologyKey = Labels.Zone, MaxSkew = 1, IsRequired = true, Selector = Own });
        var zone = Separation.Of(workload, Labels.Zone, 3);

        Assert.Equal(1, Separation.Of(workload, Labels.Host, 9, zone).AtWorst);
    }

    private static Workload With(int replicas, params TopologySpread[] spread) => new()
    {
        Kind = WorkloadKind.Deployment,
        Namespace = "shop",
        Name = "web",
        Replicas = replicas,
        Pods = new PodSpec { Labels = Labels.Of(("app", "web")), Spread = [.. spread] },
        Source = new Origin.File("test"),
    };
}
