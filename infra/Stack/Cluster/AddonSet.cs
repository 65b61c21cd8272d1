using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Cluster;

/// <summary>Installs EKS add-ons as children of one component.</summary>
internal sealed class AddonSet(StackScope scope, Input<string> clusterName, Resource parent, ImmutableArray<Resource> after)
{
    /// <summary>Installs an add-on.</summary>
    /// <param name="version">Pinned version.</param>
    /// <param name="configuration">Values of the add-on's own schema (<c>aws eks describe-addon-configuration</c>).</param>
    /// <param name="identity">Role it works with.</param>
    public Aws.Eks.Addon Install(
        string name, string version, JsonObject? configuration = null, PodRole? identity = null)
    {
        var args = new Aws.Eks.AddonArgs
        {
            ClusterName = clusterName,
            AddonName = name,
            AddonVersion = version,

            // What is declared here wins over what somebody changed by hand.
            ResolveConflictsOnCreate = "OVERWRITE",
            ResolveConflictsOnUpdate = "OVERWRITE",
            Tags = scope.Tags.Named(scope.NameOf(name)),
        };
        if (configuration is not null)
            args.ConfigurationValues = configuration.ToJsonString();
        if (identity is not null)
        {
            args.PodIdentityAssociations.Add(
                new Aws.Eks.Inputs.AddonPodIdentityAssociationArgs { ServiceAccount = identity.ServiceAccount, RoleArn = identity.Arn });
        }

        return new Aws.Eks.Addon(
            name, args, new CustomResourceOptions { Parent = parent, DependsOn = identity is null ? after : after.Add(identity) });
    }
}
