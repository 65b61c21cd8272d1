namespace HaCluster.Workloads.Tests.Rules.Cases;

/// <summary>Error budgets: 0.1 % of the shop's requests may fail, and 1 % of those of the Bitcoin front.</summary>
internal static class ServiceCases
{
    private const string Shop = "service=site-shop,namespace=site-shop,team=delivery";

    public static RuleCase[] All { get; } =
    [
        new()
        {
            Alert = "ServiceBurnsBudgetInTwoDays",
            At = "90m",

            // 2 % fail: twenty times the budget of the shop, and below fourteen times that of the Bitcoin front.
            Firing = [.. ShopFails("0+2x120"), .. BitcoinFails("0+2x120")],
            Labels = Shop,
            Value = "2%",

            // As bad for an hour, and over ten minutes ago.
            Silent = [.. ShopFails("0+2x80 160x60"), .. BitcoinFails("0x120")],
        },
        new()
        {
            Alert = "ServiceBurnsBudgetInFiveDays",
            At = "8h",
            Firing = [.. ShopFails("0+0.8x700"), .. BitcoinFails("0+0.8x700")],
            Labels = Shop,
            Value = "0.8%",
            Silent = [.. ShopFails("0+0.3x700"), .. BitcoinFails("0+0.8x700")],
        },
        new()
        {
            Alert = "ServiceBurnsBudgetInTenDays",
            Interval = "5m",
            At = "26h",
            Firing = [.. ShopFails("0+0.4x700"), .. BitcoinFails("0x700")],
            Labels = Shop,
            Value = "0.4%",
            Silent = [.. ShopFails("0+0.2x700"), .. BitcoinFails("0+2x700")],
        },
        new()
        {
            Alert = "ServiceBurnsBudgetInThirtyDays",
            Interval = "5m",
            At = "78h",
            Firing = [.. ShopFails("0+0.15x1500"), .. BitcoinFails("0x1500")],
            Labels = Shop,
            Value = "0.15%",
            Silent = [.. ShopFails("0+0.05x1500"), .. BitcoinFails("0x1500")],
        },
        new()
        {
            Alert = "ServiceSlow",
            At = "20m",
            Firing = [("""haproxy_backend_response_time_average_seconds{namespace="chains",pod="front-a",proxy="bitcoin"}""", "1.5x60")],
            Labels = "service=bitcoin-rpc,namespace=chains,team=chains",
            Value = "1.5s",
            Silent = [("""haproxy_backend_response_time_average_seconds{namespace="chains",pod="front-a",proxy="bitcoin"}""", "0.2x60")],
        },
        new()
        {
            Alert = "ServiceNotMeasured",
            At = "40m",
            Firing = [.. BitcoinFails("0x90")],
            Labels = $"{Shop},workload=shop",

            // No request at all is still a count.
            Silent = [.. BitcoinFails("0x90"), ("""envoy_cluster_upstream_rq_total{envoy_cluster_name="shop"}""", "0x90")],
        },
    ];

    // A hundred requests between two samples.
    private static (string Series, string Values)[] ShopFails(string failed) =>
    [
        ("""envoy_cluster_upstream_rq_total{envoy_cluster_name="shop",pod="gateway-a"}""", "0+100x2000"),
        ("""envoy_cluster_upstream_rq_xx{envoy_cluster_name="shop",pod="gateway-a",envoy_response_code_class="5"}""", failed),
    ];

    private static (string Series, string Values)[] BitcoinFails(string failed) =>
    [
        ("""haproxy_frontend_http_responses_total{proxy="bitcoin",pod="front-a",code="2xx"}""", "0+98x2000"),
        ("""haproxy_frontend_http_responses_total{proxy="bitcoin",pod="front-a",code="5xx"}""", failed),
    ];
}
