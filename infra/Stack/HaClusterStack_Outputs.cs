using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using HaCluster.Stack.Backups;
using HaCluster.Stack.Cluster;
using HaCluster.Stack.Databases;
using HaCluster.Stack.Delivery;
using HaCluster.Stack.Encryption;
using HaCluster.Stack.Logging;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Network;
using HaCluster.Stack.Nodes;
using HaCluster.Stack.Outputs;
using HaCluster.Stack.Settings;
using Pulumi;

namespace HaCluster.Stack;

/// <content>What <c>pulumi stack output</c> shows: the contract with the operators of the cluster.</content>
public sealed partial class HaClusterStack
{
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

    /// <summary>KMS keys by purpose: <c>secrets</c>, <c>volumes</c>, <c>logs</c>, <c>databases</c>, <c>alarms</c>.</summary>
    [Output("keyArns")]
    public Output<ImmutableDictionary<string, object>> KeyArns { get; private set; }

    /// <summary>CloudWatch log groups by purpose: <c>controlPlane</c>, <c>flow</c>.</summary>
    [Output("logGroups")]
    public Output<ImmutableDictionary<string, object>> LogGroups { get; private set; }

    /// <summary>SNS topic for critical messages that must not depend on Slack.</summary>
    [Output("alarmTopicArn")]
    public Output<string> AlarmTopicArn { get; private set; }

    /// <summary>Identifiers of the Aurora clusters; empty when databases are off.</summary>
    [Output("databaseClusters")]
    public Output<ImmutableArray<string>> DatabaseClusters { get; private set; }

    /// <summary>Host of the OpenSearch domain; empty when logging is off.</summary>
    [Output("searchEndpoint")]
    public Output<string> SearchEndpoint { get; private set; }

    /// <summary>Bucket in which finance records cannot be changed; empty when logging is off.</summary>
    [Output("financeArchive")]
    public Output<string> FinanceArchive { get; private set; }

    /// <summary>URLs of the image repositories by name; empty when delivery is off.</summary>
    [Output("repositories")]
    public Output<ImmutableDictionary<string, object>> Repositories { get; private set; }

    /// <summary>Bucket of the backups; empty when they are off.</summary>
    [Output("backupBucket")]
    public Output<string> BackupBucket { get; private set; }

    [MemberNotNull(
        nameof(ClusterName), nameof(ClusterArn), nameof(KubernetesVersion), nameof(Region), nameof(Zones), nameof(Endpoint), nameof(KubeConfig), nameof(OidcProviderArn),
        nameof(VpcId), nameof(PublicSubnetIds), nameof(PrivateSubnetIds), nameof(DataSubnetIds), nameof(NodeRoleArn), nameof(NodeGroups), nameof(Quotas), nameof(KeyArns),
        nameof(LogGroups))]
    private void SetOutputs(StackSettings settings, LogGroupNames logGroups, EncryptionKeys keys, ClusterNetwork network, ControlPlane controlPlane, NodeGroups nodes)
    {
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

    /// <param name="databases">Null, like those after it: switched off.</param>
    [MemberNotNull(
        nameof(AlarmTopicArn), nameof(DatabaseClusters), nameof(SearchEndpoint), nameof(FinanceArchive), nameof(Repositories), nameof(BackupBucket))]
    private void SetOutputs(SharedServices services, ClusterDatabases? databases, ClusterLogging? logging, ClusterDelivery? delivery, ClusterBackups? backups)
    {
        AlarmTopicArn = services.Alarms.CriticalArn;
        DatabaseClusters = databases?.Identifiers ?? Output.Create(ImmutableArray<string>.Empty);
        SearchEndpoint = logging?.Endpoint ?? Nothing();
        FinanceArchive = logging?.Archive ?? Nothing();
        Repositories = delivery is null ? Output.Create(ImmutableDictionary<string, object>.Empty) : RepositoryTable.Of(delivery.RepositoryUrls);
        BackupBucket = backups?.BucketName ?? Nothing();

        static Output<string> Nothing() => Output.Create("");
    }
}
