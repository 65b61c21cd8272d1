using System.Collections.Immutable;
using System.Text.Json.Nodes;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Software;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Cluster;

/// <summary>Input of <see cref="NodeAddons"/>.</summary>
public sealed record NodeAddonsArgs
{
    public required StackScope Scope { get; init; }

    public required ClusterVersion Version { get; init; }

    public required Aws.Eks.Cluster Cluster { get; init; }
}

/// <summary>Add-ons that a node needs to become ready; they exist before the first node does.</summary>
public sealed class NodeAddons : ComponentResource
{
    public const string TypeToken = "ha-cluster:cluster:NodeAddons";

    public NodeAddons(string name, NodeAddonsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var addons = new AddonSet(args.Scope, args.Cluster.Name, this, []);
        var identityAgent = addons.Install("eks-pod-identity-agent", args.Version.PodIdentityAgent);
        var proxy = addons.Install("kube-proxy", args.Version.KubeProxy);
        var role = new PodRole(
            "vpc-cni",
            new PodRoleArgs
            {
                Scope = args.Scope,
                Purpose = "Gives pods addresses of the VPC",
                Namespace = "kube-system",
                ServiceAccount = "aws-node",
                ManagedPolicies = ["AmazonEKS_CNI_Policy"],
            },
            new ComponentResourceOptions { Parent = this });
        var cni = addons.Install("vpc-cni", args.Version.VpcCni, CniConfiguration(), role);

        All = [identityAgent, proxy, cni];
        RegisterOutputs();
    }

    /// <summary>What nodes wait for.</summary>
    public ImmutableArray<Resource> All { get; }

    // https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html and
    // https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses.html
    private static JsonObject CniConfiguration() => new()
    {
        ["enableNetworkPolicy"] = "true",
        ["env"] = new JsonObject
        {
            // A prefix is 16 addresses: 110 pods fit a node, and starting one takes no call to EC2.
            ["ENABLE_PREFIX_DELEGATION"] = "true",
            ["WARM_PREFIX_TARGET"] = "1",
        },
    };
}
