using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using Pulumi;

namespace HaCluster.Stack.Edge;

/// <summary>
/// What the load balancer controller may do. It follows the policy of its makers
/// (https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/install/iam_policy.json) and is narrower: this account and
/// region, network load balancers only, security groups of the cluster's own VPC only, and where theirs asks for any cluster's tag, this cluster's.
/// </summary>
/// <remarks>
/// Which keys a request carries: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html (ec2:Vpc, the ARN) and
/// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html. Where a group is created, ec2:Vpc
/// belongs to the VPC and not to the group, which does not exist yet; so there is one statement for each.
/// </remarks>
internal static class LoadBalancerControllerPolicy
{
    private const string Tag = "elbv2.k8s.aws/cluster";

    /// <param name="vpcId">VPC of the cluster.</param>
    public static Output<string> Json(StackScope scope, Output<string> vpcId)
    {
        var account = scope.Account;
        return Output.Tuple(
                account.Arn("elasticloadbalancing", ""),
                account.Arn("ec2", ""),
                Output.Format($"arn:{account.Partition}:iam::{account.Id}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*"),
                account.Arn("ec2", Output.Format($"vpc/{vpcId}")))
            .Apply(arns => Json(scope.ClusterName, arns.Item1, arns.Item2, arns.Item3, arns.Item4));
    }

    private static string Json(string cluster, string balancing, string ec2, string linkedRole, string vpc) => PolicyDocument.Json(
    [
        Describe(),
        new()
        {
            Sid = "CreateServiceLinkedRole",
            Actions = ["iam:CreateServiceLinkedRole"],
            Resources = [linkedRole],
            Conditions = [PolicyCondition.Is("iam:AWSServiceName", "elasticloadbalancing.amazonaws.com")],
        },
        .. SecurityGroups(cluster, ec2, vpc),
        .. Balancers(cluster, balancing),
        new()
        {
            Sid = "CreateListeners",
            Actions = ["elasticloadbalancing:CreateListener"],
            Resources = [$"{balancing}loadbalancer/net/*/*"],
            Conditions = [Own(cluster)],
        },
        new()
        {
            // The controller tags a listener in the request that creates it.
            Sid = "TagNewListeners",
            Actions = ["elasticloadbalancing:AddTags"],
            Resources = [$"{balancing}listener/net/*/*/*"],
            Conditions = [PolicyCondition.Is("elasticloadbalancing:CreateAction", "CreateListener"), Requested(cluster)],
        },
        new()
        {
            Sid = "ChangeOwnListeners",
            Actions = ["elasticloadbalancing:DeleteListener", "elasticloadbalancing:ModifyListener"],
            Resources = [$"{balancing}listener/net/*/*/*"],
            Conditions = [Own(cluster)],
        },
        new()
        {
            // By the tag that every resource of the program has: the target group of the firewall's load balancer is not the controller's own.
            Sid = "ChangeTargets",
            Actions = ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
            Resources = [$"{balancing}targetgroup/*/*"],
            Conditions = [PolicyCondition.Is("aws:ResourceTag/Cluster", cluster)],
        },
    ]);

    // None of these can be narrowed.
    private static PolicyStatement Describe() => new()
    {
        Sid = "Describe",
        Actions =
        [
            "ec2:DescribeAccountAttributes", "ec2:DescribeAddresses", "ec2:DescribeAvailabilityZones", "ec2:DescribeInstances",
            "ec2:DescribeInternetGateways", "ec2:DescribeNetworkInterfaces", "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets", "ec2:DescribeTags", "ec2:DescribeVpcPeeringConnections", "ec2:DescribeVpcs",
            "elasticloadbalancing:DescribeCapacityReservation", "elasticloadbalancing:DescribeListenerAttributes",
            "elasticloadbalancing:DescribeListenerCertificates", "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeLoadBalancerAttributes", "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeRules", "elasticloadbalancing:DescribeSSLPolicies", "elasticloadbalancing:DescribeTags",
            "elasticloadbalancing:DescribeTargetGroupAttributes", "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
        ],
        Resources = ["*"],
    };

    private static PolicyStatement[] SecurityGroups(string cluster, string ec2, string vpc)
    {
        string[] groups = [$"{ec2}security-group/*"];
        var inVpc = PolicyCondition.IsArn("ec2:Vpc", vpc);
        return
        [
            new() { Sid = "ListGroupsOfVpc", Actions = ["ec2:GetSecurityGroupsForVpc"], Resources = [vpc] },
            new()
            {
                // Also the group of the nodes, which is not the controller's own: it lets the load balancer in there.
                Sid = "ChangeIngressRules",
                Actions = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
                Resources = [.. groups],
                Conditions = [inVpc],
            },
            // A rule has no VPC of its own; with the group it belongs to, both statements must allow.
            new()
            {
                Sid = "IngressRules",
                Actions = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
                Resources = [$"{ec2}security-group-rule/*"],
            },
            new() { Sid = "CreateGroupsInVpc", Actions = ["ec2:CreateSecurityGroup"], Resources = [vpc] },
            new() { Sid = "CreateOwnGroups", Actions = ["ec2:CreateSecurityGroup"], Resources = [.. groups], Conditions = [Requested(cluster)] },
            new()
            {
                Sid = "TagNewGroups",
                Actions = ["ec2:CreateTags"],
                Resources = [.. groups],
                Conditions = [PolicyCondition.Is("ec2:CreateAction", "CreateSecurityGroup"), Requested(cluster)],
            },
            new()
            {
                Sid = "TagOwnGroups",
                Actions = ["ec2:CreateTags", "ec2:DeleteTags"],
                Resources = [.. groups],
                Conditions = [Unchanged(), Own(cluster)],
            },
            new() { Sid = "DeleteOwnGroups", Actions = ["ec2:DeleteSecurityGroup"], Resources = [.. groups], Conditions = [Own(cluster), inVpc] },
        ];
    }

    private static PolicyStatement[] Balancers(string cluster, string balancing)
    {
        string[] all = [$"{balancing}loadbalancer/net/*/*", $"{balancing}targetgroup/*/*"];
        return
        [
            new()
            {
                Sid = "CreateTaggedBalancers",
                Actions = ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"],
                Resources = [.. all],
                Conditions = [Requested(cluster)],
            },
            new()
            {
                Sid = "TagOnCreate",
                Actions = ["elasticloadbalancing:AddTags"],
                Resources = [.. all],
                Conditions = [new("StringEquals", "elasticloadbalancing:CreateAction", ["CreateTargetGroup", "CreateLoadBalancer"]), Requested(cluster)],
            },
            new()
            {
                Sid = "TagOwnBalancers",
                Actions = ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
                Resources = [.. all, $"{balancing}listener/net/*/*/*"],
                Conditions = [Unchanged(), Own(cluster)],
            },
            new()
            {
                Sid = "ChangeOwnBalancers",
                Actions =
                [
                    "elasticloadbalancing:DeleteLoadBalancer", "elasticloadbalancing:DeleteTargetGroup",
                    "elasticloadbalancing:ModifyListenerAttributes", "elasticloadbalancing:ModifyLoadBalancerAttributes",
                    "elasticloadbalancing:ModifyTargetGroup", "elasticloadbalancing:ModifyTargetGroupAttributes",
                    "elasticloadbalancing:SetIpAddressType", "elasticloadbalancing:SetSecurityGroups", "elasticloadbalancing:SetSubnets",
                ],
                Resources = [.. all, $"{balancing}listener/net/*/*/*"],
                Conditions = [Own(cluster)],
            },
        ];
    }

    private static PolicyCondition Requested(string cluster) => PolicyCondition.Is($"aws:RequestTag/{Tag}", cluster);

    private static PolicyCondition Own(string cluster) => PolicyCondition.Is($"aws:ResourceTag/{Tag}", cluster);

    // The request may not carry the tag: nothing becomes the cluster's own by being tagged.
    private static PolicyCondition Unchanged() => PolicyCondition.IsMissing($"aws:RequestTag/{Tag}");
}
