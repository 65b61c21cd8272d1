using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using Pulumi;

namespace HaCluster.Stack.Network;

/// <summary>
/// Policies of the VPC endpoints. An endpoint policy grants nothing; it blocks credentials of other accounts, and data sent to other accounts.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html, and the examples in
/// https://github.com/aws-samples/data-perimeter-policy-examples.
/// </remarks>
internal static class EndpointPolicies
{
    private const string CallerAccount = "aws:PrincipalAccount";
    private const string OwnerAccount = "aws:ResourceAccount";

    // AWS does not document that this endpoint supports a policy, and no pod would have credentials if it were too narrow. Requests through it get roles of this
    // account to pods of its clusters, and nothing else: https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html
    private const string WithoutPolicy = "eks-auth";

    // Nodes pull the images of EKS add-ons from registries of AWS, volumes may be made from a shared snapshot, and a role may assume one of
    // another account that trusts it.
    private static readonly string[] CrossAccountServices = ["ec2", "ecr.api", "ecr.dkr", "sts"];

    /// <summary>Callers of this account, and, where nothing else is needed, its own resources.</summary>
    /// <param name="service">As the endpoint names it, such as <c>ecr.api</c>.</param>
    /// <returns>Null where the endpoint is left as AWS makes it.</returns>
    public static Input<string>? Of(string service, AwsAccount account)
    {
        // In one expression null would be converted to an output.
        if (service == WithoutPolicy)
            return null;

        return account.Id.Apply(id => PolicyDocument.Json(
        [
            new PolicyStatement
            {
                Sid = "CallersOfThisAccount",
                Principal = PolicyStatement.Anyone,
                Actions = ["*"],
                Resources = ["*"],
                Conditions =
                [
                    PolicyCondition.Is(CallerAccount, id),
                    .. CrossAccountServices.Contains(service) ? [] : (PolicyCondition[])[PolicyCondition.IsIfPresent(OwnerAccount, id)],
                ],
            },
            .. service == "sts" ? (PolicyStatement[])[RolesByToken(id)] : [],
        ]));
    }

    /// <summary>Buckets of this account, and those that nodes read images and packages from.</summary>
    public static Output<string> OfBuckets(AwsAccount account) => Output.Tuple(account.Id, account.Partition).Apply(found => PolicyDocument.Json(
        new PolicyStatement
        {
            Sid = "BucketsOfThisAccount",
            Principal = PolicyStatement.Anyone,
            Actions = ["s3:*"],
            Resources = ["*"],
            Conditions = [PolicyCondition.Is(CallerAccount, found.Item1), PolicyCondition.Is(OwnerAccount, found.Item1)],
        },
        new PolicyStatement
        {
            Sid = "ImagesAndPackages",
            Principal = PolicyStatement.Anyone,
            Actions = ["s3:GetObject"],
            Resources = [.. SourcesOf(account.Region).Select(bucket => $"arn:{found.Item2}:s3:::{bucket}/*")],
        },
        // What anyone on the internet may read, such as the layers of registry.k8s.io, which lie in buckets of many names.
        new PolicyStatement
        {
            Sid = "PublicObjects",
            Principal = PolicyStatement.Anyone,
            Actions = ["s3:GetObject"],
            Resources = ["*"],
            Conditions = [PolicyCondition.IsMissing(CallerAccount)],
        }));

    // A web identity token (IRSA) is not an AWS principal yet, so the requested role must be of this account.
    private static PolicyStatement RolesByToken(string account) => new()
    {
        Sid = "RolesByToken",
        Principal = PolicyStatement.Anyone,
        Actions = ["sts:AssumeRoleWithWebIdentity"],
        Resources = ["*"],
        Conditions = [PolicyCondition.Is(OwnerAccount, account)],
    };

    // All are read through addresses that others signed, so the caller is not of this account.
    private static string[] SourcesOf(string region) =>
    [
        // https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
        $"prod-{region}-starport-layer-bucket",
        // Quay gives clients inside AWS its bucket instead of its CDN:
        // https://github.com/quay/quay/blob/master/storage/cloud.py (CloudFrontedS3Storage)
        "quayio-production-s3",
        // https://docs.aws.amazon.com/linux/al2023/ug/deterministic-upgrades-usage.html
        $"al2023-repos-{region}-de612dc2",
        // https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-technical-details.html
        $"amazon-ssm-{region}", $"aws-ssm-{region}", $"amazon-ssm-packages-{region}", $"{region}-birdwatcher-prod", $"patch-baseline-snapshot-{region}",
    ];
}
