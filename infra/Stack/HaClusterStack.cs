using System.Collections.Immutable;
using HaCluster.Stack.Cluster;
using HaCluster.Stack.Encryption;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Network;
using HaCluster.Stack.Nodes;
using HaCluster.Stack.Outputs;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Storage;
using Pulumi;

namespace HaCluster.Stack;

/// <summary>The whole cluster, from the account up. Its outputs are the contract with whoever operates it.</summary>
public sealed class HaClusterStack : Pulumi.Stack
{
    public HaClusterStack()
    {
        var settings = SettingsSource.Load();
        Notices.Report(settings);

        var zones = ZoneLookup.Find(settings.Region, settings.Zones);
        var scope = Scope(settings);
        var logGroups = new LogGroupNames(settings.Name);

        var keys = new EncryptionKeys("keys", new EncryptionKeysArgs
        {
            Scope = scope.Of("encryption"),
            LogGroups = logGroups.All,
        });

        var network = new ClusterNetwork("network", new ClusterNetworkArgs
        {
            Scope = scope.Of("network"),
            Settings = settings.Network,
            Nat = settings.Nat,
            ZoneNames = zones,
            FlowLogGroup = logGroups.Flow,
            LogKeyArn = keys.Logs.Arn,
        });

        var controlPlane = new ControlPlane("cluster", new ControlPlaneArgs
        {
            Scope = scope.Of("cluster"),
            Settings = settings.Cluster,
            Network = network,
            ServiceCidr = settings.Network.ServiceCidr,
            LogGroup = logGroups.ControlPlane,
            LogKeyArn = keys.Logs.Arn,
            SecretsKeyArn = keys.Secrets.Arn,
        });

        var nodeAddons = new NodeAddons("node-addons", new NodeAddonsArgs
        {
            Scope = scope.Of("cluster"),
            Version = settings.Cluster.Version,
            Cluster = controlPlane.Cluster,
        });

        var nodes = new NodeGroups("nodes", new NodeGroupsArgs
        {
            Scope = scope.Of("nodes"),
            Settings = settings.NodePools,
            Cluster = controlPlane.Cluster,
            Network = network,
            NodeAddons = nodeAddons.All,
        });

        var addons = new ClusterAddons("addons", new ClusterAddonsArgs
        {
            Scope = scope.Of("cluster"),
            Version = settings.Cluster.Version,
            Cluster = controlPlane.Cluster,
            Zones = settings.Zones,
            VolumeKeyArn = keys.Volumes.Arn,
            Nodes = nodes.Resources,
        });

        var kubernetes = ClusterConnection.Open("kubernetes", scope, controlPlane);

        _ = new ClusterAutoscaler("cluster-autoscaler", new ClusterAutoscalerArgs
        {
            Scope = scope.Of("nodes"),
            Version = settings.Cluster.Version,
            Cluster = controlPlane.Cluster,
            Provider = kubernetes,
            After = nodes.Resources.Add(addons.CoreDns),
        });

        _ = new Guards("guards", new GuardsArgs
        {
            Namespaces = settings.Namespaces.All,
            Version = settings.Cluster.Version,
            Addresses = settings.Network.Plan,
            ServiceCidr = settings.Network.ServiceCidr,
            Provider = kubernetes,
        });

        _ = new StorageClasses("storage", new StorageClassesArgs
        {
            KeyArn = keys.Volumes.Arn,
            Provider = kubernetes,
            Driver = addons.EbsCsiDriver,
            SnapshotController = addons.SnapshotController,
        });

        // Workloads stand here, each a component in a folder of its own, declared into its namespace (ClusterNamespaces), in this order:
        // Edge (platform), Databases (data subnets), Monitoring, Logging, Chains, Delivery.

        ClusterName = controlPlane.Cluster.Name;
        ClusterArn = controlPlane.Cluster.Arn;
        KubernetesVersion = controlPlane.Cluster.Version;
        Region = Output.Create(settings.Region);
        Zones = network.ZoneNames;
        Endpoint = controlPlane.Cluster.Endpoint;
        KubeConfig = controlPlane.KubeConfig;
        OidcProviderArn = controlPlane.OidcProvider.Arn;
        VpcId = network.VpcId;
        PublicSubnetIds = network.PublicSubnetIds;
        PrivateSubnetIds = network.PrivateSubnetIds;
        DataSubnetIds = network.DataSubnetIds;
        NodeRoleArn = nodes.NodeRoleArn;
        NodeGroups = NodeGroupTable.Of(nodes.Groups);
        Quotas = Output.Create(QuotaTable.Of(settings.Namespaces.All));
        KeyArns = KeyTable.Of(keys);
        LogGroups = Output.Create(logGroups.ToDictionary());
    }

    /// <summary>Name of the cluster, as <c>aws eks</c> takes it.</summary>
    [Output("clusterName")]
    public Output<string> ClusterName { get; private set; }

    /// <summary>ARN of the cluster, as a zonal shift takes it.</summary>
    [Output("clusterArn")]
    public Output<string> ClusterArn { get; private set; }

    /// <summary>Minor version of Kubernetes.</summary>
    [Output("kubernetesVersion")]
    public Output<string> KubernetesVersion { get; private set; }

    [Output("region")]
    public Output<string> Region { get; private set; }

    /// <summary>Zones in use; subnet lists are in the same order.</summary>
    [Output("zones")]
    public Output<ImmutableArray<string>> Zones { get; private set; }

    /// <summary>Address of the Kubernetes API.</summary>
    [Output("endpoint")]
    public Output<string> Endpoint { get; private set; }

    /// <summary>A kubeconfig that gets its tokens from the AWS CLI; it holds no secret.</summary>
    [Output("kubeconfig")]
    public Output<string> KubeConfig { get; private set; }

    /// <summary>IAM identity provider of the cluster's service accounts.</summary>
    [Output("oidcProviderArn")]
    public Output<string> OidcProviderArn { get; private set; }

    [Output("vpcId")]
    public Output<string> VpcId { get; private set; }

    [Output("publicSubnetIds")]
    public Output<ImmutableArray<string>> PublicSubnetIds { get; private set; }

    [Output("privateSubnetIds")]
    public Output<ImmutableArray<string>> PrivateSubnetIds { get; private set; }

    [Output("dataSubnetIds")]
    public Output<ImmutableArray<string>> DataSubnetIds { get; private set; }

    /// <summary>IAM role of all nodes.</summary>
    [Output("nodeRoleArn")]
    public Output<string> NodeRoleArn { get; private set; }

    /// <summary>Node groups by pool and zone: <c>name</c> in AWS, <c>pool</c>, <c>capacityType</c>, <c>instanceTypes</c>, <c>min</c>, <c>max</c>, <c>zones</c>, <c>arn</c>.</summary>
    [Output("nodeGroups")]
    public Output<ImmutableDictionary<string, object>> NodeGroups { get; private set; }

    /// <summary>Quotas by namespace: <c>cpu</c>, <c>cpuLimit</c>, <c>memory</c>, <c>ephemeralStorage</c>, <c>storage</c> as Kubernetes
    /// quantities, <c>pods</c>, <c>volumes</c>, <c>loadBalancers</c> as numbers.</summary>
    [Output("quotas")]
    public Output<ImmutableDictionary<string, object>> Quotas { get; private set; }

    /// <summary>KMS keys by purpose: <c>secrets</c>, <c>volumes</c>, <c>logs</c>.</summary>
    [Output("keyArns")]
    public Output<ImmutableDictionary<string, object>> KeyArns { get; private set; }

    /// <summary>CloudWatch log groups by purpose: <c>controlPlane</c>, <c>flow</c>.</summary>
    [Output("logGroups")]
    public Output<ImmutableDictionary<string, object>> LogGroups { get; private set; }

    private static StackScope Scope(StackSettings settings) => new(
        settings.Name,
        AwsAccount.LookUp(settings.Region),
        ResourceTags.For(Deployment.Instance.ProjectName, Deployment.Instance.StackName, settings.Name, settings.Tags));
}
