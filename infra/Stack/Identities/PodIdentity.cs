using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Identities;

/// <summary>
/// A <see cref="PodRole"/> bound to its service account in the cluster. Pods that start before the binding get no credentials, so what runs
/// with it depends on this component.
/// </summary>
public sealed class PodIdentity : ComponentResource
{
    public const string TypeToken = "ha-cluster:identities:PodIdentity";

    public PodIdentity(string name, PodRoleArgs args, Aws.Eks.Cluster cluster, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var role = new PodRole(name, args, new ComponentResourceOptions { Parent = this });
        _ = new Aws.Eks.PodIdentityAssociation(
            name,
            new Aws.Eks.PodIdentityAssociationArgs
            {
                ClusterName = cluster.Name,
                Namespace = args.Namespace,
                ServiceAccount = args.ServiceAccount,
                RoleArn = role.Arn,
                Tags = args.Scope.Tags.Named(args.Scope.NameOf(name)),
            },
            new CustomResourceOptions { Parent = this });
        RoleArn = role.Arn;
        RegisterOutputs(new Dictionary<string, object?> { ["roleArn"] = RoleArn });
    }

    public Output<string> RoleArn { get; }
}
