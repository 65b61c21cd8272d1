using System.Collections.Immutable;
using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Identities;

/// <summary>Input of <see cref="PodRole"/>.</summary>
public sealed record PodRoleArgs
{
    public required StackScope Scope { get; init; }

    /// <summary>What the pods do with it.</summary>
    public required string Purpose { get; init; }

    public required string Namespace { get; init; }

    public required string ServiceAccount { get; init; }

    /// <summary>Policies that AWS maintains for exactly this purpose, by the last part of their ARN.</summary>
    public ImmutableArray<string> ManagedPolicies { get; init; } = [];

    /// <summary>A policy of this program.</summary>
    public Output<string>? Policy { get; init; }
}

/// <summary>
/// An IAM role that pods get through EKS Pod Identity. Its trust names the one service account of the one cluster: the tags that EKS puts on
/// the session are its proof (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html). What runs with the role depends on this
/// component, not on its ARN: then the permissions are there before it starts, and stay until it is gone.
/// </summary>
public sealed class PodRole : ComponentResource
{
    public const string TypeToken = "ha-cluster:identities:PodRole";

    public PodRole(string name, PodRoleArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var scope = args.Scope;
        var role = new Aws.Iam.Role(
            name,
            new Aws.Iam.RoleArgs
            {
                Name = scope.NameOf(name),
                Description = args.Purpose,
                AssumeRolePolicy = scope.Account.Id.Apply(account => Trust(account, scope.ClusterName, args)),
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this });

        foreach (var policy in args.ManagedPolicies)
        {
            _ = new Aws.Iam.RolePolicyAttachment(
                $"{name}-{policy.Split('/')[^1]}",
                new Aws.Iam.RolePolicyAttachmentArgs { Role = role.Name, PolicyArn = scope.Account.ManagedPolicy(policy) },
                new CustomResourceOptions { Parent = this });
        }

        if (args.Policy is { } own)
        {
            _ = new Aws.Iam.RolePolicy(
                name,
                new Aws.Iam.RolePolicyArgs { Name = name, Role = role.Name, Policy = own },
                new CustomResourceOptions { Parent = this });
        }

        Arn = role.Arn;
        ServiceAccount = args.ServiceAccount;
        RegisterOutputs(new Dictionary<string, object?> { ["arn"] = Arn });
    }

    public Output<string> Arn { get; }

    /// <summary>The service account that the role trusts.</summary>
    public string ServiceAccount { get; }

    private static string Trust(string account, string cluster, PodRoleArgs args) => PolicyDocument.Json(new PolicyStatement
    {
        Sid = "PodIdentity",
        Principal = ("Service", "pods.eks.amazonaws.com"),
        Actions = ["sts:AssumeRole", "sts:TagSession"],
        Conditions =
        [
            PolicyCondition.Is("aws:SourceAccount", account),
            PolicyCondition.Is("aws:RequestTag/eks-cluster-name", cluster),
            PolicyCondition.Is("aws:RequestTag/kubernetes-namespace", args.Namespace),
            PolicyCondition.Is("aws:RequestTag/kubernetes-service-account", args.ServiceAccount),
        ],
    });
}
