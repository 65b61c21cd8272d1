using HaCluster.Stack.Identities;
using HaCluster.Stack.Settings.Delivery;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Rbac.V1;
using Aws = Pulumi.Aws;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Delivery;

/// <summary>Input of <see cref="ReleaseAccess"/>.</summary>
public sealed record ReleaseAccessArgs
{
    public required EnvironmentSettings Environment { get; init; }

    public required Foundation Foundation { get; init; }

    /// <summary>Role of the pipelines.</summary>
    public required Aws.Iam.Role Role { get; init; }
}

/// <summary>
/// Lets a role of AWS do a rolling update in the namespaces of one environment: set the image of a workload that is there, watch it, undo it.
/// Rights of our own instead of the policy that EKS offers for editing: that one also reads every secret.
/// </summary>
public sealed class ReleaseAccess : ComponentResource
{
    public const string TypeToken = "ha-cluster:delivery:ReleaseAccess";

    private const string ApiGroup = "rbac.authorization.k8s.io";

    public ReleaseAccess(string name, ReleaseAccessArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;
        var scope = foundation.Scope;
        var group = $"release:{args.Environment.Name}";

        // Permission that `aws eks update-kubeconfig` needs.
        _ = new Aws.Iam.RolePolicy(
            name,
            new Aws.Iam.RolePolicyArgs
            {
                Name = "find-cluster",
                Role = args.Role.Name,
                Policy = foundation.Cluster.Arn.Apply(arn => PolicyDocument.Json(new PolicyStatement
                {
                    Sid = "FindCluster",
                    Actions = ["eks:DescribeCluster"],
                    Resources = [arn],
                })),
            },
            new CustomResourceOptions { Parent = this });
        _ = new Aws.Eks.AccessEntry(
            name,
            new Aws.Eks.AccessEntryArgs
            {
                ClusterName = foundation.Cluster.Name,
                PrincipalArn = args.Role.Arn,
                Type = "STANDARD",
                KubernetesGroups = { group },
                Tags = scope.Tags.Named(scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this });

        foreach (var target in args.Environment.Namespaces)
            Allow($"{name}-{target}", target, group, args);
        RegisterOutputs();
    }

    private void Allow(string name, string target, string group, ReleaseAccessArgs args)
    {
        var child = new CustomResourceOptions { Parent = this, Provider = args.Foundation.Provider, DependsOn = args.Foundation.Ready };
        var metadata = new ObjectMetaArgs { Name = $"release-{args.Environment.Name}", Namespace = target };
        var role = new Kubernetes.Rbac.V1.Role(
            name,
            new RoleArgs
            {
                Metadata = metadata,
                Rules =
                {
                    Rule("apps", ["deployments", "statefulsets", "daemonsets"], "get", "list", "watch", "patch"),

                    // An undo looks for the revision before: of a deployment in its replica sets, of the others in controller revisions.
                    Rule("apps", ["replicasets", "controllerrevisions"], "get", "list", "watch"),
                    Rule("", ["pods", "events"], "get", "list", "watch"),
                    Rule("", ["pods/log"], "get"),
                },
            },
            child);
        _ = new Kubernetes.Rbac.V1.RoleBinding(
            name,
            new RoleBindingArgs
            {
                Metadata = metadata,
                RoleRef = new RoleRefArgs { ApiGroup = ApiGroup, Kind = "Role", Name = role.Metadata.Apply(found => found.Name) },
                Subjects = { new SubjectArgs { ApiGroup = ApiGroup, Kind = "Group", Name = group } },
            },
            child);
    }

    private static PolicyRuleArgs Rule(string apiGroup, string[] resources, params string[] verbs) =>
        new() { ApiGroups = { apiGroup }, Resources = resources, Verbs = verbs };
}
