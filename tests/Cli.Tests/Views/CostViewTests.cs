using HaCluster.Cli.Views;
using HaCluster.Planning.Costs.Differences;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Prices;
using HaCluster.Planning.Costs.Redundancy;
using HaCluster.Planning.Costs.Usage;
using Spectre.Console;
using Spectre.Console.Testing;

namespace HaCluster.Cli.Tests.Views;

/// <summary>What an estimate looks like, to the letter.</summary>
public sealed class CostViewTests
{
    [Fact]
    public void At_80_columns() => Shown.Match(Show(80, console => CostView.Show(console, Example(nodes: 3))));

    [Fact]
    public void A_difference_at_80_columns() => Shown.Match(Show(80, console => CostDifferenceView.Show(console, new CostDifference(Example(nodes: 3), Example(nodes: 6)))));

    [Theory]
    [InlineData(60)]
    [InlineData(120)]
    public void Nothing_is_wider_than_the_terminal(int width) =>
        Assert.All(Show(width, console => CostView.Show(console, Example(nodes: 3))), line => Assert.True(line.Length <= width, line));

    private static List<string> Show(int width, Action<IAnsiConsole> show)
    {
        using var console = new TestConsole { Profile = { Width = width } };
        show(console);
        return [.. console.Output.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }

    private static CostEstimate Example(int nodes)
    {
        var traffic = Line("network", "traffic through NAT gateways", 200, Price("nat:gb", "GB", 0.052m)) with { Assumption = "nat-gb" };
        return new CostEstimate
        {
            Project = "ha-cluster",
            Stack = "test",
            Region = "eu-central-1",
            Components =
            [
                new CostComponent("nodes",
                [
                    Line("nodes", "general: m7i.xlarge", new CostRange(nodes, 12), Price("ec2:m7i.xlarge", "hour", 0.2415m, PriceBasis.Computed)),
                    Line("nodes", "burst: m7i.xlarge, spot", new CostRange(0, 12), Price("ec2-spot:m7i.xlarge", "hour", 0.103845m, PriceBasis.Computed)) with
                    {
                        OnDemandPrice = Price("ec2:m7i.xlarge", "hour", 0.2415m, PriceBasis.Computed),
                    },
                ]),
                new CostComponent("network",
                [
                    Line("network", "NAT gateway", 3, Price("nat:hour", "hour", 0.04m, PriceBasis.Own)),
                    traffic,
                    Line("network", "public IPv4 address", 3, Price("ipv4:hour", "hour", 0.005m, PriceBasis.Remembered)),
                ]),
            ],
            Redundancy =
            [
                new RedundancyCost("the third zone (eu-central-1c)", new CostRange(209.15m, 738.03m), "everything in it, and 1/3 of what is spread over the zones"),
                new RedundancyCost("NAT gateway per zone", 65.7m, "not in this plan: 2 more, with addresses", IsPresent: false),
            ],
            Assumed = [new AssumedUsage(UsageCatalog.NatTraffic, 200, traffic.Monthly)],
            Unpriced = [new UnpricedCost("cache", "aws:elasticache/cluster:Cluster", "it is not known whether this type costs anything")],
            NotCounted = ["taxes, AWS Support, free tier; Savings Plans and reservations, which lower the bill"],
            Free = [new FreeCost("aws:iam/role:Role", 20, "identities are free")],
        };
    }

    private static CostLine Line(string component, string what, CostRange count, Price price) =>
        new() { Component = component, What = what, Count = count, Price = price, OnDemandPrice = price };

    private static Price Price(string item, string unit, decimal usd, PriceBasis basis = PriceBasis.Quoted) =>
        new("eu-central-1", item, unit, usd, basis == PriceBasis.Quoted ? new DateOnly(2025, 9, 17) : new DateOnly(2026, 7, 20), "test", basis);
}
