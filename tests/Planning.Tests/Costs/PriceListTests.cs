using HaCluster.Planning.Costs.Prices;
using HaCluster.Planning.Costs.Usage;

namespace HaCluster.Planning.Tests.Costs;

/// <summary>The prices that come with the program.</summary>
public sealed class PriceListTests
{
    private static readonly string[] Regions = ["ap-southeast-1", "eu-central-1", "eu-west-1", "us-east-1", "us-east-2", "us-west-2"];

    // What Pulumi.dev.yaml and Pulumi.prod.yaml name, first and further choices.
    private static readonly string[] Types =
        ["t3.large", "t3a.large", "t3.xlarge", "t3a.xlarge", "m7i.large", "m6i.large", "m6a.large", "m7i.xlarge", "m6i.xlarge", "m6a.xlarge", "m5.xlarge",
         "r7i.2xlarge", "r6i.2xlarge", "r6a.2xlarge"];

    private static readonly string[] Services =
        ["ebs:gp3", "ebs:gp3-iops", "ebs:gp3-throughput", "nat:hour", "ipv4:hour", "endpoint:hour", "nlb:hour", "alb:hour", "eks:cluster", "eks:extended-support",
         "aurora:db.r7g.large", "rds-proxy:vcpu", "opensearch:r7g.large.search", "opensearch:m7g.large.search", "opensearch:gp3", "opensearch-ingestion:ocu",
         "kms:key", "secrets:secret", "cloudwatch:alarm", "cloudwatch:alarm-high-resolution", "route53:zone", "waf:acl", "waf:rule"];

    [Fact]
    public void Six_regions_are_known() => Assert.Equal(Regions, PriceList.Default.Regions);

    [Fact]
    public void What_the_stacks_use_and_what_is_assumed_has_a_price_in_each_region()
    {
        var items = Types.SelectMany(type => new[] { $"ec2:{type}", $"ec2-spot:{type}" }).Concat(Services).Concat(UsageCatalog.All.Select(usage => usage.Item));
        Assert.Empty(Regions.SelectMany(region => items.Where(item => PriceList.Default.Find(region, item) is not { Usd: > 0 }).Select(item => $"{region} {item}")));
    }

    /// <summary>As AWS states them: https://aws.amazon.com/ec2/pricing/on-demand/.</summary>
    [Theory]
    [InlineData("us-east-1", "ec2:m7i.xlarge", "0.2016", PriceBasis.Quoted)]
    [InlineData("eu-central-1", "ec2:m6i.xlarge", "0.23", PriceBasis.Quoted)]
    [InlineData("eu-central-1", "ec2:m7i.xlarge", "0.2415", PriceBasis.Computed)]
    [InlineData("eu-central-1", "nlb:hour", "0.027", PriceBasis.Remembered)]
    [InlineData("eu-west-1", "eks:cluster", "0.1", PriceBasis.Quoted)]
    public void A_price_says_how_well_it_is_known(string region, string item, string usd, PriceBasis basis)
    {
        var price = PriceList.Default.Find(region, item)!;
        Assert.Equal((usd, basis), (price.Usd.ToString(System.Globalization.CultureInfo.InvariantCulture), price.Basis));
    }

    [Fact]
    public void Spot_is_cheaper_everywhere() =>
        Assert.All(
            Regions.SelectMany(region => Types.Select(type => (Region: region, Type: type))),
            one => Assert.True(
                PriceList.Default.Find(one.Region, $"ec2-spot:{one.Type}")!.Usd < PriceList.Default.Find(one.Region, $"ec2:{one.Type}")!.Usd,
                $"{one.Region} {one.Type}"));

    [Fact]
    public void An_own_price_takes_the_place_of_the_one_for_its_region_and_no_other()
    {
        var own = new Price("eu-west-1", "nat:hour", "hour", 0.01m, new DateOnly(2026, 1, 1), "contract", PriceBasis.Own);
        var list = PriceList.Default.With([own]);
        Assert.Same(own, list.Find("eu-west-1", "nat:hour"));
        Assert.Equal(PriceList.Default.Find("eu-central-1", "nat:hour"), list.Find("eu-central-1", "nat:hour"));
    }

    [Fact]
    public void A_users_price_for_the_region_wins_over_one_for_every_region()
    {
        var own = new Price(Price.EveryRegion, "nat:hour", "hour", 0.01m, new DateOnly(2026, 1, 1), "contract", PriceBasis.Own);
        Assert.Equal(0.052m, PriceList.Default.With([own]).Find("eu-central-1", "nat:hour")!.Usd);
    }
}
