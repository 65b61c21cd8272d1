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
    public void At_80_columns() => AssertShown(
        Show(80, console => CostView.Show(console, Example(nodes: 3))),
        """
        ha-cluster, stack test in eu-central-1
        USD per month of 730 hours, without tax

        Components, baseline and maximum
        Component                   Baseline   Maximum  Assumed
        nodes                         528.89  3,025.22        -
        network                       108.95    108.95    10.40
        total                         637.84  3,134.17    10.40
        with spot groups on demand    637.84  4,340.03

        Items; * marks assumed usage
        Item                              Number     USD each  Baseline   Maximum
        nodes
          general: m7i.xlarge               3-12    0.2415/h~    528.89  2,115.54
          burst: m7i.xlarge, spot           0-12  0.103845/h~      0.00    909.68
        network
          NAT gateway                          3      0.04/h=     87.60     87.60
          traffic through NAT gateways *     200     0.052/GB     10.40     10.40
          public IPv4 address                  3     0.005/h?     10.95     10.95

        Cost of redundancy
        Measure                                                      Baseline  Maximum
        the third zone (eu-central-1c)                                 209.15   738.03
          everything in it, and 1/3 of what is spread over the
          zones
        NAT gateway per zone                                           +65.70   +65.70
          not in this plan: 2 more, with addresses

        Assumed usage, not measured; --assume NAME=AMOUNT overrides it
        Name    Amount  Unit                       USD
        nat-gb     200  GB through NAT gateways  10.40

        Not counted
        - taxes, AWS Support, free tier; Savings Plans and reservations, which lower the
          bill
        - 20 resources of 1 type are free or counted with others; --json shows why

        Price unknown, not in any total
        unknown: cache, aws:elasticache/cluster:Cluster: it is not known whether this
                 type costs anything

        Prices of 2025-09-17 to 2026-07-20: 1 quoted, 2 computed (~), 1 from memory (?),
        1 your own (=).
        Sources: infra/Planning/Costs/Prices/prices.csv. Use your own prices with
        --prices FILE.
        """);

    [Fact]
    public void A_difference_at_80_columns() => AssertShown(
        Show(80, console => CostDifferenceView.Show(console, new CostDifference(Example(nodes: 3), Example(nodes: 6)))),
        """
        ha-cluster, stack test in eu-central-1
        against stack test in eu-central-1
        USD per month of 730 hours, without tax, with the same assumed usage

        Components
        Component  Before     After  Baseline  Maximum
        nodes      528.89  1,057.77   +528.89     0.00
        network    108.95    108.95      0.00     0.00
        total      637.84  1,166.72   +528.89     0.00

        Added (+), removed (-), changed (~)
           Item                             Number  Baseline  Maximum
        ~  nodes, general: m7i.xlarge  3-12 > 6-12   +528.89     0.00
        unknown: cache, aws:elasticache/cluster:Cluster: it is not known whether this
        type costs anything
        """);

    [Theory]
    [InlineData(60)]
    [InlineData(120)]
    public void Nothing_is_wider_than_the_terminal(int width) =>
        Assert.All(Show(width, console => CostView.Show(console, Example(nodes: 3))), line => Assert.True(line.Length <= width, line));

    private static void AssertShown(IEnumerable<string> shown, string expected) =>
        Assert.Equal(expected.ReplaceLineEndings("\n"), string.Join('\n', shown));

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
