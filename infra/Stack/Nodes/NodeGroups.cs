using System.Collections.Immutable;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Network;
using HaCluster.Stack.Settings.Nodes;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Nodes;

/// <summary>Input of <see cref="NodeGroups"/>.</summary>
public sealed record NodeGroupsArgs
{
    public required StackScope Scope { get; init; }

    public required NodePoolsSettings Settings { get; init; }

    public required Aws.Eks.Cluster Cluster { get; init; }

    public required ClusterNetwork Network { get; init; }

    /// <summary>Add-ons without which a node never becomes ready.</summary>
    public required ImmutableArray<Resource> NodeAddons { get; init; }
}

/// <summary>
/// Node groups: system nodes over all zones, stateful nodes in one group per zone (a volume cannot leave its zone, so each zone must be
/// able to grow alone), and general nodes on demand with more on spot where wanted.
/// </summary>
public sealed class NodeGroups : ComponentResource
{
    public const string TypeToken = "ha-cluster:nodes:NodeGroups";

    // Amazon Linux 2023 has its root volume here.
    private const string RootDevice = "/dev/xvda";

    // General nodes are many and interchangeable; system and stateful nodes are replaced one at a time.
    private const int MaxUnavailablePercent = 25;

    // https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html; the network plugin has a role of its own. The smaller
    // AmazonEKSWorkerNodeMinimalPolicy is for EKS Auto Mode: without ec2:DescribeInstances nodeadm never learns the node's name, and no node
    // joins (https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/api/status.go).
    private static readonly string[] NodePolicies = ["AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodePolicy"];

    // The autoscaler does not know the disk size of a group without nodes, and every pod here requests ephemeral storage: without this tag such a
    // group never grows (https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md).
    private const string EphemeralStorageTag = "k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage";

    private readonly NodeGroupsArgs _args;
    private readonly Aws.Iam.Role _role;
    private readonly ImmutableArray<Resource> _prerequisites;

    public NodeGroups(string name, NodeGroupsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        _role = CreateRole();
        _prerequisites = [.. args.NodeAddons, .. args.Network.AwsRoutes, .. AttachPolicies()];
        Groups = [.. Plan(args).Select(CreateGroup)];
        NodeRoleArn = _role.Arn;
        RegisterOutputs(new Dictionary<string, object?> { ["nodeRoleArn"] = NodeRoleArn });
    }

    public Output<string> NodeRoleArn { get; }

    public ImmutableArray<NodeGroup> Groups { get; }

    /// <summary>What waits for nodes depends on these.</summary>
    public ImmutableArray<Resource> Resources => [.. Groups.Select(group => group.Resource)];

    private static IEnumerable<NodeGroupSpec> Plan(NodeGroupsArgs args)
    {
        var network = args.Network;
        yield return new NodeGroupSpec
        {
            Name = "system",
            Pool = NodePool.System,
            Settings = args.Settings.System,
            SubnetIds = network.PrivateSubnetIds,
            Zones = network.ZoneNames,
            Taint = (NodePool.SystemTaint, "true"),
        };

        for (var i = 0; i < network.Zones.Length; i++)
        {
            yield return new NodeGroupSpec
            {
                Name = $"stateful-{i + 1}",
                Pool = NodePool.Stateful,
                Settings = args.Settings.Stateful,
                SubnetIds = network.Zones[i].PrivateSubnetId,
                Zones = network.Zones[i].Name.Apply(zone => ImmutableArray.Create(zone)),
                Taint = (NodePool.Label, NodePool.Stateful),
            };
        }

        yield return new NodeGroupSpec
        {
            Name = "general",
            Pool = NodePool.General,
            Settings = args.Settings.General,
            SubnetIds = network.PrivateSubnetIds,
            Zones = network.ZoneNames,
        };

        if (args.Settings.Spot.IsEnabled)
        {
            yield return new NodeGroupSpec
            {
                Name = "general-spot",
                Pool = NodePool.General,
                Settings = args.Settings.Spot,
                SubnetIds = network.PrivateSubnetIds,
                Zones = network.ZoneNames,
                Spot = true,
            };
        }
    }

    private NodeGroup CreateGroup(NodeGroupSpec spec)
    {
        var template = CreateTemplate(spec);

        // The provider completes the name. With a name of ours, a change of instance types would delete the group before it makes the new
        // one (https://github.com/pulumi/pulumi-terraform-bridge/blob/main/pkg/tfbridge/schema.go, nameRequiresDeleteBeforeReplace).
        var args = new Aws.Eks.NodeGroupArgs
        {
            ClusterName = _args.Cluster.Name,
            NodeRoleArn = _role.Arn,
            SubnetIds = spec.SubnetIds,
            Version = _args.Cluster.Version,
            AmiType = spec.Settings.IsArm ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD",
            CapacityType = spec.Spot ? "SPOT" : "ON_DEMAND",
            InstanceTypes = spec.Settings.InstanceTypes,
            LaunchTemplate = new Aws.Eks.Inputs.NodeGroupLaunchTemplateArgs
            {
                Id = template.Id,
                Version = template.LatestVersion.Apply(version => $"{version}"),
            },
            ScalingConfig = new Aws.Eks.Inputs.NodeGroupScalingConfigArgs
            {
                MinSize = spec.Settings.Min,
                MaxSize = spec.Settings.Max,
                DesiredSize = spec.Settings.Desired,
            },
            UpdateConfig = spec.Pool == NodePool.General
                ? new Aws.Eks.Inputs.NodeGroupUpdateConfigArgs { MaxUnavailablePercentage = MaxUnavailablePercent }
                : new Aws.Eks.Inputs.NodeGroupUpdateConfigArgs { MaxUnavailable = 1 },
            NodeRepairConfig = new Aws.Eks.Inputs.NodeGroupNodeRepairConfigArgs { Enabled = true },
            Labels = { [NodePool.Label] = spec.Pool },
            Tags = _args.Scope.Tags.Named(_args.Scope.NameOf(spec.Name), (EphemeralStorageTag, EphemeralStorageOf(spec.Settings))),
        };
        if (spec.Taint is var (key, value))
            args.Taints.Add(new Aws.Eks.Inputs.NodeGroupTaintArgs { Key = key, Value = value, Effect = "NO_SCHEDULE" });

        var group = new Aws.Eks.NodeGroup(
            spec.Name,
            args,
            new CustomResourceOptions
            {
                Parent = this,
                DependsOn = _prerequisites,

                // From the first start on this number is the autoscaler's.
                IgnoreChanges = { "scalingConfig.desiredSize" },
            });
        return new NodeGroup(spec.Name, spec.Pool, spec.Spot, spec.Settings, spec.Zones, group);
    }

    // Part of a root volume that is left for pods, after the system's reserve and the kubelet's eviction threshold of a tenth.
    private static string EphemeralStorageOf(NodePoolSettings settings) => $"{settings.DiskGiB * 85 / 100}Gi";

    private Aws.Ec2.LaunchTemplate CreateTemplate(NodeGroupSpec spec)
    {
        var tags = _args.Scope.Tags.Named(_args.Scope.NameOf(spec.Name));
        return new Aws.Ec2.LaunchTemplate(
            spec.Name,
            new Aws.Ec2.LaunchTemplateArgs
            {
                Name = _args.Scope.NameOf(spec.Name),
                UpdateDefaultVersion = true,
                EbsOptimized = "true",
                UserData = NodeUserData.Base64,
                MetadataOptions = new Aws.Ec2.Inputs.LaunchTemplateMetadataOptionsArgs
                {
                    HttpEndpoint = "enabled",
                    HttpTokens = "required",

                    // A hop limit of one ends at the node, so a pod cannot get the node's credentials.
                    HttpPutResponseHopLimit = 1,
                },
                BlockDeviceMappings =
                {
                    new Aws.Ec2.Inputs.LaunchTemplateBlockDeviceMappingArgs
                    {
                        DeviceName = RootDevice,
                        Ebs = new Aws.Ec2.Inputs.LaunchTemplateBlockDeviceMappingEbsArgs
                        {
                            VolumeType = "gp3",
                            VolumeSize = spec.Settings.DiskGiB,
                            Encrypted = "true",
                            DeleteOnTermination = "true",
                        },
                    },
                },
                TagSpecifications =
                {
                    new Aws.Ec2.Inputs.LaunchTemplateTagSpecificationArgs { ResourceType = "instance", Tags = tags },
                    new Aws.Ec2.Inputs.LaunchTemplateTagSpecificationArgs { ResourceType = "network-interface", Tags = tags },
                    new Aws.Ec2.Inputs.LaunchTemplateTagSpecificationArgs { ResourceType = "volume", Tags = tags },
                },
                Tags = tags,
            },
            new CustomResourceOptions { Parent = this });
    }

    // No condition on the account here: EC2 assumes the role for an instance and sends no account.
    private Aws.Iam.Role CreateRole() => new(
        "node",
        new Aws.Iam.RoleArgs
        {
            Name = _args.Scope.NameOf("node"),
            Description = "Lets a node join the cluster and pull images; pods have roles of their own",
            AssumeRolePolicy = _args.Scope.Account.DnsSuffix.Apply(suffix => PolicyDocument.Json(new PolicyStatement
            {
                Sid = "AssumedByEc2",
                Principal = ("Service", $"ec2.{suffix}"),
                Actions = ["sts:AssumeRole"],
            })),
            Tags = _args.Scope.Tags.Named(_args.Scope.NameOf("node")),
        },
        new CustomResourceOptions { Parent = this });

    private IEnumerable<Resource> AttachPolicies() => NodePolicies.Select(policy => new Aws.Iam.RolePolicyAttachment(
        $"node-{policy}",
        new Aws.Iam.RolePolicyAttachmentArgs { Role = _role.Name, PolicyArn = _args.Scope.Account.ManagedPolicy(policy) },
        new CustomResourceOptions { Parent = this }));
}
