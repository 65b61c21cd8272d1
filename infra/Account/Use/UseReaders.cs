using System.Collections.Immutable;
using HaCluster.Account.Wire;

namespace HaCluster.Account.Use;

/// <summary>Everything that is counted in an account.</summary>
internal static class UseReaders
{
    public static ImmutableArray<IUseReader> All(
        AwsConnection connection, ClusterOwnership ownership, ImmutableArray<string> vcpuQuotas, Func<string, bool, string?> vcpuQuotaOf) =>
    [
        new InstanceUse(connection, ownership, vcpuQuotas, vcpuQuotaOf),
        new Ec2Count(connection, ownership, "Elastic IPs", "ec2", "L-0263D0A3", "DescribeAddresses", "addressesSet") { PageSize = null },
        new Ec2Count(connection, ownership, "VPCs", "vpc", "L-F678F1CE", "DescribeVpcs", "vpcSet"),
        new Ec2Count(connection, ownership, "internet gateways", "vpc", "L-A4707A72", "DescribeInternetGateways", "internetGatewaySet"),
        new NatGatewayUse(connection, ownership),
        new Ec2Count(connection, ownership, "network interfaces", "vpc", "L-DF5E4CA3", "DescribeNetworkInterfaces", "networkInterfaceSet") { BelongsToVpc = true },
        new Ec2Count(connection, ownership, "security groups", "vpc", "L-E79EC296", "DescribeSecurityGroups", "securityGroupInfo") { BelongsToVpc = true },
        new Ec2Count(connection, ownership, "gateway endpoints", "vpc", "L-1B52E74A", "DescribeVpcEndpoints", "vpcEndpointSet")
        {
            BelongsToVpc = true,
            Filters = [("vpc-endpoint-type", "Gateway")],
        },
        new VolumeUse(connection, ownership),
        new LoadBalancerUse(connection, ownership),
        new TargetGroupUse(connection, ownership),
        new ClusterUse(connection, ownership),
        new RdsCount(connection, ownership, "database instances", "L-7B6409FD", "DescribeDBInstances", "DBInstances", "DBInstanceIdentifier"),
        new RdsCount(connection, ownership, "database clusters", "L-952B80B8", "DescribeDBClusters", "DBClusters", "DBClusterIdentifier"),
        new RdsCount(connection, ownership, "database proxies", "L-D94C7EA3", "DescribeDBProxies", "DBProxies", "DBProxyName"),
        new SearchDomainUse(connection, ownership),
        new IamCount(connection, ownership, "roles", "L-FE177D64", "ListRoles", "Roles", "RoleName"),
        new IamCount(connection, ownership, "policies", "L-E95E4862", "ListPolicies", "Policies", "PolicyName") { Parameters = [("Scope", "Local")] },
        new IamCount(connection, ownership, "identity providers", "L-858F3967", "ListOpenIDConnectProviders", "OpenIDConnectProviderList", "Arn"),
        new BucketUse(connection, ownership),
    ];
}
