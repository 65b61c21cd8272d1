using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using Pulumi;

namespace HaCluster.Stack.Edge;

/// <summary>
/// What the load balancer controller may do. It follows the policy of its makers
/// (https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/install/iam_policy.json) and is narrower: this account and
/// region, network load balancers only, and where theirs asks for any cluster's tag, this cluster's.
/// </summary>
internal static class LoadBalancerControllerPolicy
{
    private const string Tag = "elbv2.k8s.aws/cluster";

    public static Output<string> Json(StackScope scope)
    {
        var account = scope.Account;
        return Output.Tuple(
                account.Arn("elasticloadbalancing", ""),
                account.Arn("ec2", ""),
                Output.Format($"arn:{account.Partition}:iam::{account.Id}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*"))
            .Apply(arns => Json(scope.ClusterName, arns.Item1, arns.Item2, arns.Item3));
    }

    private static string Json(string cluster, string balancing, string ec2, string linkedRole) => PolicyDocument.Json(
    [
        Look(),
        new()
        {
            Sid = "BeginToUseTheService",
            Actions = ["iam:CreateServiceLinkedRole"],
            Resources = [linkedRole],
            Conditions = [PolicyCondition.Is("iam:AWSServiceName", "elasticloadbalancing.amazonaws.com")],
        },
        .. Firewalls(cluster, ec2),
        .. Balancers(cluster, balancing),
        new()
        {
            // As its makers have these two: a listener is made, and only then tagged.
            Sid = "MakeListeners",
            Actions = ["elasticloadbalancing:CreateListener"],
            Resources = [$"{balancing}loadbalancer/net/*/*"],
        },
        new()
        {
            Sid = "Listeners",
            Actions =
            [
                "elasticloadbalancing:AddTags", "elasticloadbalancing:DeleteListener", "elasticloadbalancing:ModifyListener",
                "elasticloadbalancing:RemoveTags",
            ],
            Resources = [$"{balancing}listener/net/*/*/*"],
        },
        new()
        {
            Sid = "Targets",
            Actions = ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
            Resources = [$"{balancing}targetgroup/*/*"],
        },
    ]);

    // None of these can be narrowed.
    private static PolicyStatement Look() => new()
    {
        Sid = "Look",
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

    private static PolicyStatement[] Firewalls(string cluster, string ec2) =>
    [
        new() { Sid = "LookAtGroupsOfVpc", Actions = ["ec2:GetSecurityGroupsForVpc"], Resources = [$"{ec2}vpc/*"] },
        new()
        {
            // Also the group of the nodes, which is not the controller's own: it lets the load balancer in there.
            Sid = "LetLoadBalancersIn",
            Actions = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
            Resources = [$"{ec2}security-group/*", $"{ec2}security-group-rule/*"],
        },
        new() { Sid = "MakeGroups", Actions = ["ec2:CreateSecurityGroup"], Resources = [$"{ec2}security-group/*", $"{ec2}vpc/*"] },
        new()
        {
            Sid = "TagNewGroups",
            Actions = ["ec2:CreateTags"],
            Resources = [$"{ec2}security-group/*"],
            Conditions = [PolicyCondition.Is("ec2:CreateAction", "CreateSecurityGroup"), Requested(cluster)],
        },
        new()
        {
            Sid = "TagOwnGroups",
            Actions = ["ec2:CreateTags", "ec2:DeleteTags"],
            Resources = [$"{ec2}security-group/*"],
            Conditions = [Unchanged(), Own(cluster)],
        },
        new() { Sid = "DropOwnGroups", Actions = ["ec2:DeleteSecurityGroup"], Resources = [$"{ec2}security-group/*"], Conditions = [Own(cluster)] },
    ];

    private static PolicyStatement[] Balancers(string cluster, string balancing)
    {
        string[] all = [$"{balancing}loadbalancer/net/*/*", $"{balancing}targetgroup/*/*"];
        return
        [
            new()
            {
                Sid = "Make",
                Actions = ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"],
                Resources = [.. all],
                Conditions = [Requested(cluster)],
            },
            new()
            {
                Sid = "TagNew",
                Actions = ["elasticloadbalancing:AddTags"],
                Resources = [.. all],
                Conditions = [new("StringEquals", "elasticloadbalancing:CreateAction", ["CreateTargetGroup", "CreateLoadBalancer"]), Requested(cluster)],
            },
            new()
            {
                Sid = "TagOwn",
                Actions = ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
                Resources = [.. all],
                Conditions = [Unchanged(), Own(cluster)],
            },
            new()
            {
                Sid = "ChangeOwn",
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
    private static PolicyCondition Unchanged() => new("Null", $"aws:RequestTag/{Tag}", ["true"]);
}
