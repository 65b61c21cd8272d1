namespace HaCluster.Workloads.Tests.Rules.Cases;

/// <summary>Certificates, sites, load balancers, the way out.</summary>
internal static class EdgeCases
{
    public static RuleCase[] All { get; } =
    [
        new()
        {
            Alert = "CertificateExpiresInAWeek",
            At = "80m",
            Firing = [Certificate("300000x200")],
            Labels = "namespace=chains,name=bitcoin-rpc",
            Value = "3d 10h 0m 0s",
            Silent = [Certificate("700000x200")],
        },
        new()
        {
            Alert = "CertificateExpiresInADay",
            At = "5m",
            Firing = [Certificate("40000x60")],
            Labels = "namespace=chains,name=bitcoin-rpc",
            Value = "11h 1m 40s",

            // A certificate that was never issued expires at 0: that is CertificateNotReady's matter.
            Silent = [Certificate("0x60")],
        },
        new()
        {
            Alert = "CertificateNotReady",
            At = "30m",
            Firing = [("""certmanager_certificate_ready_status{namespace="platform",exported_namespace="chains",name="bitcoin-rpc",condition="False"}""", "1x60")],
            Labels = "namespace=chains,name=bitcoin-rpc",
            Silent = [("""certmanager_certificate_ready_status{namespace="platform",exported_namespace="chains",name="bitcoin-rpc",condition="False"}""", "0x60")],
        },
        new()
        {
            Alert = "SiteDown",
            At = "10m",
            Firing = [("""probe_success{instance="https://shop.example",pod="blackbox-1"}""", "1x4 0x60")],
            Labels = "instance=https://shop.example",
            Silent = [("""probe_success{instance="https://shop.example",pod="blackbox-1"}""", "1x6 0 1x60")],
        },
        new()
        {
            Alert = "SiteSlow",
            At = "30m",
            Firing = [("""probe_duration_seconds{instance="https://shop.example"}""", "2.5x60")],
            Labels = "instance=https://shop.example",
            Value = "2.5s",
            Silent = [("""probe_duration_seconds{instance="https://shop.example"}""", "0.3x20 9 0.3x60")],
        },
        new()
        {
            Alert = "SiteCertificateExpires",
            At = "80m",
            Firing = [("""probe_ssl_earliest_cert_expiry{instance="https://shop.example"}""", "868800x100")],
            Labels = "instance=https://shop.example",
            Value = "10d 0h 0m 0s",
            Silent = [("""probe_ssl_earliest_cert_expiry{instance="https://shop.example"}""", "2592000x100")],
        },
        new()
        {
            Alert = "NatPortsExhausted",
            At = "15m",
            Firing = [("""aws_natgateway_error_port_allocation_sum{dimension_NatGatewayId="nat-1"}""", "40x60")],
            Labels = "dimension_NatGatewayId=nat-1",
            Value = "40",
            Silent = [("""aws_natgateway_error_port_allocation_sum{dimension_NatGatewayId="nat-1"}""", "0x5 NaNx60")],
        },
        new()
        {
            Alert = "NatDropsPackets",
            At = "30m",
            Firing = [Dropped("500x60")],
            Labels = "dimension_NatGatewayId=nat-1",
            Value = "500",
            Silent = [Dropped("50x60")],
        },
        new()
        {
            Alert = "LoadBalancerWithoutTargets",
            At = "10m",
            Firing = [Healthy("a", "0x60"), Healthy("b", "0x60")],
            Labels = "dimension_TargetGroup=targetgroup/gateway/1",
            Silent = [Healthy("a", "0x60"), Healthy("b", "2x60")],
        },
        new()
        {
            Alert = "LoadBalancerZoneWithoutTargets",
            At = "20m",
            Firing = [Healthy("a", "0x60"), Healthy("b", "2x60")],
            Labels = "dimension_TargetGroup=targetgroup/gateway/1,dimension_AvailabilityZone=a",
            Silent = [Healthy("a", "1x60"), Healthy("b", "2x60")],
        },
        new()
        {
            Alert = "LoadBalancerTargetsUnhealthy",
            At = "30m",
            Firing = [("""aws_networkelb_un_healthy_host_count_maximum{dimension_TargetGroup="targetgroup/gateway/1"}""", "1x60")],
            Labels = "dimension_TargetGroup=targetgroup/gateway/1",
            Value = "1",

            // A rolling update: five minutes.
            Silent = [("""aws_networkelb_un_healthy_host_count_maximum{dimension_TargetGroup="targetgroup/gateway/1"}""", "0x18 1x5 0x60")],
        },
    ];

    // The certificate's own namespace is renamed when it is scraped.
    private static (string Series, string Values) Certificate(string expiry) =>
        ("""certmanager_certificate_expiration_timestamp_seconds{namespace="platform",exported_namespace="chains",name="bitcoin-rpc"}""", expiry);

    private static (string Series, string Values) Dropped(string values) =>
        ("""aws_natgateway_packets_drop_count_sum{dimension_NatGatewayId="nat-1"}""", values);

    private static (string Series, string Values) Healthy(string zone, string values) =>
        ($$"""aws_networkelb_healthy_host_count_minimum{dimension_TargetGroup="targetgroup/gateway/1",dimension_AvailabilityZone="{{zone}}"}""", values);
}
