namespace HaCluster.Stack.Monitoring.Rules.Cluster;

/// <summary>The way out: NAT gateways (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway-cloudwatch.html).</summary>
internal static class NatRules
{
    public static RuleGroup Group { get; } = new()
    {
        Name = "nat",
        Alerts =
        [
            new AlertRule
            {
                Name = "NatPortsExhausted",
                Expression = "max by (dimension_NatGatewayId) (aws_natgateway_error_port_allocation_sum) > 0",
                For = "5m",
                Severity = AlertSeverity.Critical,
                Team = AlertTeam.Platform,
                Summary = "NAT gateway {{ $labels.dimension_NatGatewayId }} has no ports left",
                Description = "{{ $value | humanize }} connections failed: one address has 55,000 ports per destination, and a client uses them all. "
                    + "Pods in one zone cannot reach that destination.",
                Dashboard = DashboardUid.Cluster,
            },
            new AlertRule
            {
                Name = "NatDropsPackets",

                // In five minutes, the period of the metric.
                Expression = "max by (dimension_NatGatewayId) (aws_natgateway_packets_drop_count_sum) > 300",
                For = "15m",
                Severity = AlertSeverity.Warning,
                Team = AlertTeam.Platform,
                Summary = "NAT gateway {{ $labels.dimension_NatGatewayId }} drops packets",
                Description = "It dropped {{ $value | humanize }} packets in five minutes, for 15 minutes now. Connections from its zone stall.",
                Dashboard = DashboardUid.Cluster,
            },
        ],
    };
}
