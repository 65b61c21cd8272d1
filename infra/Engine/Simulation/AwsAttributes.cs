using System.Text;
using HaCluster.Engine.Invokes;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Simulation;

/// <summary>What single types of AWS resources compute, where a program or its reader would notice a value that is merely of the right type.</summary>
internal static class AwsAttributes
{
    public static void Complete(SimulatedResource resource)
    {
        switch (resource.Node.Type)
        {
            case "aws:acm/certificate:Certificate":
                Certificate(resource);
                break;
            case "aws:ec2/vpc:Vpc":
                Vpc(resource);
                break;
            case "aws:ec2/subnet:Subnet":
                Subnet(resource);
                break;
            case "aws:ec2/eip:Eip":
                ElasticIp(resource);
                break;
            case "aws:ec2/natGateway:NatGateway":
                NatGateway(resource);
                break;
            case "aws:ec2/launchTemplate:LaunchTemplate":
                resource.Computed("latestVersion", Number(1));
                resource.Computed("defaultVersion", Number(1));
                break;
            case "aws:ec2/vpcEndpoint:VpcEndpoint":
                VpcEndpoint(resource);
                break;
            case "aws:eks/cluster:Cluster":
                Cluster(resource);
                break;
            case "aws:eks/nodeGroup:NodeGroup":
                NodeGroup(resource);
                break;
            case "aws:eks/podIdentityAssociation:PodIdentityAssociation":
                resource.Computed("associationId", resource.Id ?? "");
                break;
            case "aws:iam/role:Role":
                resource.Default("path", "/");
                resource.Default("maxSessionDuration", Number(3600));
                resource.Computed("uniqueId", "AROA" + Fingerprint.UpperAlphanumeric(resource.Seed, 17));
                break;
            case "aws:iam/policy:Policy":
                resource.Computed("policyId", "ANPA" + Fingerprint.UpperAlphanumeric(resource.Seed, 17));
                break;
            case "aws:iam/instanceProfile:InstanceProfile":
                resource.Computed("uniqueId", "AIPA" + Fingerprint.UpperAlphanumeric(resource.Seed, 17));
                break;
            case "aws:iam/openIdConnectProvider:OpenIdConnectProvider":
                resource.Computed("thumbprintLists", PropertyMap.ListOf(Text(Fingerprint.Hex(resource.Seed, 40))));
                break;
            case "aws:kms/key:Key":
                resource.Computed("keyId", resource.Id ?? "");
                break;
            case "aws:kms/alias:Alias":
                KeyAlias(resource);
                break;
            case "aws:lb/loadBalancer:LoadBalancer":
                resource.Computed("arnSuffix", AfterLast(resource.Id, ":loadbalancer/"));
                resource.Computed("dnsName", $"{resource.Text("name")}-{Fingerprint.Digits(resource.Seed, 9)}.{AwsResources.RegionOf(resource)}.elb.{AwsResources.DnsSuffixOf(resource)}");
                break;
            case "aws:lb/targetGroup:TargetGroup":
                resource.Computed("arnSuffix", AfterLast(resource.Id, ":"));
                break;
            case "aws:opensearch/domain:Domain":
                // A host, unlike most endpoints.
                resource.Computed(
                    "endpoint",
                    $"vpc-{resource.Text("domainName")}-{Fingerprint.Hex(resource.Seed, 26)}.{AwsResources.RegionOf(resource)}.es.{AwsResources.DnsSuffixOf(resource)}");
                break;
            case "aws:rds/cluster:Cluster":
                Database(resource);
                break;
            case "aws:rds/proxy:Proxy":
                resource.Computed("endpoint", DatabaseHost(resource, $"{resource.Id}.proxy"));
                break;
            case "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup":
                resource.Computed("name", "default");
                break;
            case "aws:rds/proxyEndpoint:ProxyEndpoint":
                resource.Computed("endpoint", DatabaseHost(resource, $"{resource.Text("dbProxyEndpointName")}.endpoint.proxy"));
                break;
            case "aws:route53/record:Record":
                resource.Computed("fqdn", resource.Text("name")?.TrimEnd('.') ?? "");
                break;
            case "aws:sqs/queue:Queue":
                resource.Computed("url", resource.Id ?? "");
                break;
            case "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule" or "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
                resource.Computed("securityGroupRuleId", resource.Id ?? "");
                break;
        }
    }

    private static string AfterLast(string? arn, string mark) => arn is null ? "" : arn[(arn.LastIndexOf(mark, StringComparison.Ordinal) + mark.Length)..];

    private static void Certificate(SimulatedResource resource)
    {
        var domain = resource.Text("domainName") ?? "";
        resource.Computed("status", "ISSUED");
        resource.Computed("domainValidationOptions", PropertyMap.ListOf(PropertyMap.Of(
            ("domainName", Text(domain)),
            ("resourceRecordName", Text($"_{Fingerprint.Hex(domain, 32)}.{domain}.")),
            ("resourceRecordType", Text("CNAME")),
            ("resourceRecordValue", Text($"_{Fingerprint.Hex(domain + "value", 32)}.acm-validations.aws.")))));
    }

    private static void Vpc(SimulatedResource resource)
    {
        var main = "rtb-" + Fingerprint.Hex(resource.Seed + "main", 17);
        resource.Computed("mainRouteTableId", main);
        resource.Computed("defaultRouteTableId", main);
        resource.Computed("defaultSecurityGroupId", "sg-" + Fingerprint.Hex(resource.Seed, 17));
        resource.Computed("defaultNetworkAclId", "acl-" + Fingerprint.Hex(resource.Seed, 17));
        resource.Computed("dhcpOptionsId", "dopt-" + Fingerprint.Hex(resource.Seed, 17));
        resource.Default("enableDnsSupport", new PropertyValue.Bool(true));
        resource.Default("instanceTenancy", "default");
    }

    private static void Subnet(SimulatedResource resource)
    {
        // An account finds the zone id by the name and the name by the id.
        var zones = AwsRegion.Find(AwsResources.RegionOf(resource))?.Zones ?? [];
        var zone = zones.FirstOrDefault(zone => zone.Name == resource.Text("availabilityZone"))
            ?? zones.FirstOrDefault(zone => zone.Id == resource.Text("availabilityZoneId"))
            ?? zones.FirstOrDefault();
        if (zone is not null)
        {
            resource.Computed("availabilityZone", zone.Name);
            resource.Computed("availabilityZoneId", zone.Id);
        }
        resource.Computed("privateDnsHostnameTypeOnLaunch", "ip-name");
    }

    private static void ElasticIp(SimulatedResource resource)
    {
        // 203.0.113.0/24 is set aside for documentation (RFC 5737).
        var host = 1 + int.Parse(Fingerprint.Digits(resource.Seed, 6), null) % 254;
        resource.Computed("allocationId", resource.Id ?? "");
        resource.Computed("publicIp", $"203.0.113.{host}");
        resource.Computed("publicDns", $"ec2-203-0-113-{host}.{AwsResources.RegionOf(resource)}.compute.amazonaws.com");
        resource.Default("domain", "vpc");
        resource.Computed("networkBorderGroup", AwsResources.RegionOf(resource));
        resource.Computed("publicIpv4Pool", "amazon");
    }

    private static void NatGateway(SimulatedResource resource)
    {
        var address = resource.FindById(resource.Text("allocationId"));
        resource.Computed("publicIp", address?.Outputs.GetValueOrDefault("publicIp") ?? Text(""));
        resource.Computed("vpcId", VpcOf(resource, resource.Get("subnetId")));
        resource.Computed("associationId", "eipassoc-" + Fingerprint.Hex(resource.Seed, 17));
        resource.Computed("networkInterfaceId", "eni-" + Fingerprint.Hex(resource.Seed, 17));
        resource.Computed("availabilityMode", "zonal");
    }

    private static void VpcEndpoint(SimulatedResource resource)
    {
        var service = (resource.Text("serviceName") ?? "service").Split('.')[^1];
        var region = AwsResources.RegionOf(resource);
        var isInterface = resource.Text("vpcEndpointType") == "Interface";
        resource.Default("vpcEndpointType", "Gateway");
        resource.Computed("state", "available");
        resource.Computed("serviceRegion", region);
        resource.Computed("prefixListId", isInterface ? "" : "pl-" + Fingerprint.Hex(resource.Seed, 8));
        resource.Computed("networkInterfaceIds", PropertyMap.ListOf(isInterface ? [Text("eni-" + Fingerprint.Hex(resource.Seed, 17))] : []));
        resource.Computed("dnsEntries", PropertyMap.ListOf(isInterface
            ? [PropertyMap.Of(
                ("dnsName", Text($"{resource.Id}-{Fingerprint.Hex(resource.Seed, 8)}.{service}.{region}.vpce.amazonaws.com")),
                ("hostedZoneId", Text("Z" + Fingerprint.UpperAlphanumeric(resource.Seed, 13))))]
            : []));
    }

    private static void Cluster(SimulatedResource resource)
    {
        var region = AwsResources.RegionOf(resource);
        var identifier = Fingerprint.Hex(resource.Seed, 32).ToUpperInvariant();
        var suffix = AwsResources.DnsSuffixOf(resource);
        resource.Computed("endpoint", $"https://{identifier}.gr7.{region}.eks.{suffix}");
        resource.Computed("certificateAuthority", PropertyMap.Of(("data", Text(CertificateAuthority(resource)))));
        resource.Computed("identities", PropertyMap.ListOf(PropertyMap.Of(
            ("oidcs", PropertyMap.ListOf(PropertyMap.Of(("issuer", Text($"https://oidc.eks.{region}.{suffix}/id/{identifier}"))))))));
        resource.Computed("status", "ACTIVE");
        resource.Computed("platformVersion", "eks.1");
        resource.Computed("clusterId", "");
        resource.Default("bootstrapSelfManagedAddons", new PropertyValue.Bool(true));
        if (resource.Get("vpcConfig").AsMap() is { } config)
        {
            var firstSubnet = (config.GetValueOrDefault("subnetIds")?.Unwrap() as PropertyValue.List)?.Items.FirstOrDefault();
            resource.ComputedInside("vpcConfig", "clusterSecurityGroupId", Text("sg-" + Fingerprint.Hex(resource.Seed, 17)));
            resource.ComputedInside("vpcConfig", "vpcId", VpcOf(resource, firstSubnet));
        }
        if (resource.Has("kubernetesNetworkConfig"))
            resource.ComputedInside("kubernetesNetworkConfig", "serviceIpv4Cidr", Text("172.20.0.0/16"));
        else
            resource.Computed("kubernetesNetworkConfig", PropertyMap.Of(("ipFamily", Text("ipv4")), ("serviceIpv4Cidr", Text("172.20.0.0/16"))));
    }

    private static void NodeGroup(SimulatedResource resource)
    {
        var group = $"eks-{resource.Text("nodeGroupName") ?? resource.Node.Name}-{Fingerprint.Uuid(resource.Seed)}";
        resource.Computed("resources", PropertyMap.ListOf(PropertyMap.Of(
            ("autoscalingGroups", PropertyMap.ListOf(PropertyMap.Of(("name", Text(group))))),
            ("remoteAccessSecurityGroupId", Text("")))));
        resource.Computed("status", "ACTIVE");
        resource.Computed("capacityType", "ON_DEMAND");
        resource.Computed("amiType", "AL2023_x86_64_STANDARD");
        resource.Computed("instanceTypes", PropertyMap.ListOf(Text("t3.medium")));
        resource.Computed("diskSize", Number(20));
        var cluster = resource.FindById(resource.Text("clusterName"));
        resource.Computed("version", cluster?.Outputs.GetValueOrDefault("version") ?? Text("1"));
    }

    private static void Database(SimulatedResource resource)
    {
        resource.Computed("endpoint", DatabaseHost(resource, $"{resource.Id}.cluster"));
        resource.Computed("readerEndpoint", DatabaseHost(resource, $"{resource.Id}.cluster-ro"));
        resource.Computed("clusterResourceId", "cluster-" + Fingerprint.UpperAlphanumeric(resource.Seed, 26));
        resource.Computed("engineVersionActual", resource.Get("engineVersion") ?? Text(""));

        // RDS creates a secret only if it manages the password itself.
        var secret = AwsResources.Expand($"arn:{{partition}}:secretsmanager:{{region}}:{{account}}:secret:rds!cluster-{Fingerprint.Uuid(resource.Seed)}-", resource)
            + Fingerprint.Hex(resource.Seed, 6);
        resource.Computed("masterUserSecrets", PropertyMap.ListOf(resource.Get("manageMasterUserPassword") is PropertyValue.Bool { Value: true }
            ? [PropertyMap.Of(
                ("kmsKeyId", resource.Get("masterUserSecretKmsKeyId") ?? Text("")),
                ("secretArn", Text(secret)),
                ("secretStatus", Text("active")))]
            : []));
    }

    private static string DatabaseHost(SimulatedResource resource, string name) =>
        $"{name}-{Fingerprint.Hex(AwsResources.RegionOf(resource), 12)}.{AwsResources.RegionOf(resource)}.rds.{AwsResources.DnsSuffixOf(resource)}";

    private static void KeyAlias(SimulatedResource resource)
    {
        var key = resource.Text("targetKeyId") ?? "";
        resource.Computed("targetKeyArn", key.StartsWith("arn:", StringComparison.Ordinal)
            ? key
            : AwsResources.Expand("arn:{partition}:kms:{region}:{account}:key/", resource) + key);
    }

    private static PropertyValue VpcOf(SimulatedResource resource, PropertyValue? subnetId) =>
        resource.FindById(subnetId.AsText())?.Outputs.GetValueOrDefault("vpcId") ?? Text("vpc-" + Fingerprint.Hex(resource.Seed, 17));

    /// <summary>Base64 of something with the shape of a certificate and no key behind it.</summary>
    private static string CertificateAuthority(SimulatedResource resource)
    {
        var body = Convert.ToBase64String(Encoding.ASCII.GetBytes($"simulated certificate authority of {resource.Seed}"));
        return Convert.ToBase64String(Encoding.ASCII.GetBytes($"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"));
    }

    private static PropertyValue.Text Text(string value) => new(value);

    private static PropertyValue.Number Number(double value) => new(value);
}
