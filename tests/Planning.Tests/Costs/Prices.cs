using System.Globalization;
using HaCluster.Planning.Costs.Estimates;
using HaCluster.Planning.Costs.Prices;
using HaCluster.Planning.Costs.Usage;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Costs;

/// <summary>Round prices for a region of the tests' own, so that sums can be done by hand.</summary>
internal static class Prices
{
    public const string Region = "eu-test-1";

    private static readonly (string Item, string Unit, decimal Usd)[] All =
    [
        ("ec2:m7i.large", "hour", 0.10m), ("ec2:m7i.xlarge", "hour", 0.20m), ("ec2-spot:m7i.xlarge", "hour", 0.05m), ("ec2:t3.medium", "hour", 0.04m),
        ("ebs:gp3", "GB-month", 0.10m), ("ebs:gp3-iops", "IOPS-month", 0.01m), ("ebs:gp3-throughput", "MBps-month", 0.05m), ("ebs:snapshot", "GB-month", 0.02m),
        ("nat:hour", "hour", 0.05m), ("nat:gb", "GB", 0.04m), ("ipv4:hour", "hour", 0.005m), ("endpoint:hour", "hour", 0.01m), ("endpoint:gb", "GB", 0.01m),
        ("nlb:hour", "hour", 0.02m), ("nlb:lcu", "LCU-hour", 0.01m), ("alb:hour", "hour", 0.03m), ("alb:lcu", "LCU-hour", 0.01m),
        ("eks:cluster", "hour", 0.1m), ("aurora:db.r7g.large", "hour", 0.3m), ("aurora:storage", "GB-month", 0.1m), ("aurora:io", "1M requests", 0.2m),
        ("aurora:backup", "GB-month", 0.02m), ("rds-proxy:vcpu", "vCPU-hour", 0.01m), ("opensearch:r7g.large.search", "hour", 0.2m),
        ("opensearch:m7g.large.search", "hour", 0.1m), ("opensearch:gp3", "GB-month", 0.1m), ("kms:key", "month", 1m), ("kms:requests", "10k requests", 0.03m),
        ("secrets:secret", "month", 0.4m), ("cloudwatch:alarm", "metric-month", 0.1m), ("cloudwatch:alarm-high-resolution", "metric-month", 0.3m),
        ("transfer:cross-zone", "GB", 0.02m), ("transfer:out", "GB", 0.09m), ("logs:ingested", "GB", 0.5m), ("logs:stored", "GB-month", 0.03m),
    ];

    public static readonly PriceList List = new(All.Select(price => Of(price.Item, price.Unit, price.Usd)));

    public static Price Of(string item, string unit, decimal usd, PriceBasis basis = PriceBasis.Quoted) =>
        new(Region, item, unit, usd, new DateOnly(2026, 7, 20), "test", basis);

    public static CostEstimate Estimate(GraphBuilder graph, params string[] assumptions) =>
        CostEstimate.Of(graph.Build(), ClusterModelReader.Of(graph.Build()), Region, List, UsageAssumptions.Parse(assumptions));

    /// <summary>The lines as <c>component | what | count | at rest | at most</c>.</summary>
    public static IEnumerable<string> Lines(CostEstimate estimate) => estimate.Lines.Select(line => string.Create(
        CultureInfo.InvariantCulture,
        $"{line.Component} | {line.What} | {Range(line.Count)} | {Range(line.Monthly)}"));

    private static string Range(CostRange range) => range.AtRest == range.AtMost
        ? range.AtRest.ToString("0.##", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{range.AtRest:0.##}-{range.AtMost:0.##}");
}
