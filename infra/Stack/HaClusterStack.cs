using System.Collections.Immutable;
using HaCluster.Stack.Alarms;
using HaCluster.Stack.Backups;
using HaCluster.Stack.Chains;
using HaCluster.Stack.Cluster;
using HaCluster.Stack.Databases;
using HaCluster.Stack.Delivery;
using HaCluster.Stack.Edge;
using HaCluster.Stack.Encryption;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Logging;
using HaCluster.Stack.Logging.Agent;
using HaCluster.Stack.Monitoring;
using HaCluster.Stack.Monitoring.Metrics;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Network;
using HaCluster.Stack.Nodes;
using HaCluster.Stack.Outputs;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Sites;
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

        var autoscaler = new ClusterAutoscaler("cluster-autoscaler", new ClusterAutoscalerArgs
        {
            Scope = scope.Of("nodes"),
            Version = settings.Cluster.Version,
            Cluster = controlPlane.Cluster,
            Provider = kubernetes,
            Zones = settings.Zones,
            After = nodes.Resources.Add(addons.CoreDns),
        });

        var guards = new Guards("guards", new GuardsArgs
        {
            Namespaces = settings.Namespaces.All,
            Version = settings.Cluster.Version,
            Addresses = settings.Network.Plan,
            ServiceCidr = settings.Network.ServiceCidr,
            NodeAgents = [LogAgent.OnNode, ExporterValues.OnNode],
            Provider = kubernetes,
        });

        var storage = new StorageClasses("storage", new StorageClassesArgs
        {
            KeyArn = keys.Volumes.Arn,
            Provider = kubernetes,
            Driver = addons.EbsCsiDriver,
            SnapshotController = addons.SnapshotController,
        });

        var foundation = new Foundation
        {
            Scope = scope,
            Cluster = controlPlane.Cluster,
            Network = network,
            Keys = keys,
            Provider = kubernetes,
            Zones = settings.Zones,
            Ready = [guards, storage, autoscaler, addons, .. nodes.Resources],
        };

        DeclareWorkloads(settings, foundation);

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

    /// <summary>KMS keys by purpose: <c>secrets</c>, <c>volumes</c>, <c>logs</c>, <c>databases</c>, <c>alarms</c>.</summary>
    [Output("keyArns")]
    public Output<ImmutableDictionary<string, object>> KeyArns { get; private set; }

    /// <summary>CloudWatch log groups by purpose: <c>controlPlane</c>, <c>flow</c>.</summary>
    [Output("logGroups")]
    public Output<ImmutableDictionary<string, object>> LogGroups { get; private set; }

    /// <summary>SNS topic of what must reach a person without Slack.</summary>
    [Output("alarmTopicArn")]
    public Output<string> AlarmTopicArn { get; private set; } = Nothing;

    /// <summary>Identifiers of the Aurora clusters; none when databases are off.</summary>
    [Output("databaseClusters")]
    public Output<ImmutableArray<string>> DatabaseClusters { get; private set; } = Output.Create(ImmutableArray<string>.Empty);

    /// <summary>Host of the OpenSearch domain; empty when logging is off.</summary>
    [Output("searchEndpoint")]
    public Output<string> SearchEndpoint { get; private set; } = Nothing;

    /// <summary>Bucket in which finance records cannot be changed; empty when logging is off.</summary>
    [Output("financeArchive")]
    public Output<string> FinanceArchive { get; private set; } = Nothing;

    /// <summary>Addresses of the image repositories by name; none when delivery is off.</summary>
    [Output("repositories")]
    public Output<ImmutableDictionary<string, object>> Repositories { get; private set; } = Output.Create(ImmutableDictionary<string, object>.Empty);

    /// <summary>Bucket of the backups; empty when they are off.</summary>
    [Output("backupBucket")]
    public Output<string> BackupBucket { get; private set; } = Nothing;

    private static Output<string> Nothing => Output.Create("");

    private void DeclareWorkloads(StackSettings settings, Foundation foundation)
    {
        var gateway = settings.Edge.IsEnabled
            ? new GatewayController("gateway-controller", new GatewayControllerArgs { Foundation = foundation.Of("edge") })
            : null;
        var platform = new PlatformServices("platform", new PlatformServicesArgs { Foundation = foundation.Of("platform"), Gateway = gateway });
        var alarms = new AlarmTopics("alarms", new AlarmTopicsArgs { Foundation = foundation.Of("alarms"), Settings = settings.Monitoring });
        AlarmTopicArn = alarms.CriticalArn;

        if (settings.Monitoring.IsEnabled)
        {
            _ = new ClusterMonitoring("monitoring", new ClusterMonitoringArgs
            {
                Settings = settings.Monitoring,
                Foundation = foundation.Of("monitoring"),
                Platform = platform,
                Alarms = alarms,
                Stack = settings,
            });
        }

        if (gateway is not null)
        {
            var edge = new ClusterEdge("edge", new ClusterEdgeArgs
            {
                Settings = settings.Edge,
                Sites = settings.Sites.All,
                Foundation = foundation.Of("edge"),
                Platform = platform,
                Controller = gateway,
                Alarms = alarms,
            });
            foreach (var site in settings.Sites.All)
            {
                _ = new Site($"site-{site.Name}", new SiteArgs
                {
                    Settings = site,
                    Foundation = foundation.Of($"site-{site.Name}"),
                    Platform = platform,
                    Edge = edge,
                });
            }
        }

        if (settings.Databases.IsEnabled)
        {
            var databases = new ClusterDatabases("databases", new ClusterDatabasesArgs
            {
                Settings = settings.Databases,
                Foundation = foundation.Of("databases"),
                Platform = platform,
                Alarms = alarms,
            });
            DatabaseClusters = databases.Identifiers;
        }

        if (settings.Logging.IsEnabled)
        {
            var logging = new ClusterLogging("logging", new ClusterLoggingArgs
            {
                Settings = settings.Logging,
                Foundation = foundation.Of("logging"),
                Platform = platform,
                Alarms = alarms,
            });
            SearchEndpoint = logging.Endpoint;
            FinanceArchive = logging.Archive;
        }

        if (settings.Chains.IsEnabled)
        {
            _ = new ClusterChains("chains", new ClusterChainsArgs
            {
                Settings = settings.Chains,
                Foundation = foundation.Of("chains"),
                Platform = platform,
            });
        }

        if (settings.Delivery.IsEnabled)
        {
            var delivery = new ClusterDelivery("delivery", new ClusterDeliveryArgs
            {
                Settings = settings.Delivery,
                Foundation = foundation.Of("delivery"),
                Platform = platform,
            });
            Repositories = RepositoryTable.Of(delivery.RepositoryUrls);
        }

        if (settings.Backups.IsEnabled)
        {
            var backups = new ClusterBackups("backups", new ClusterBackupsArgs
            {
                Settings = settings.Backups,
                Foundation = foundation.Of("backups"),
                Platform = platform,
            });
            BackupBucket = backups.BucketName;
        }
    }

    private static StackScope Scope(StackSettings settings) => new(
        settings.Name,
        AwsAccount.LookUp(settings.Region),
        ResourceTags.For(Deployment.Instance.ProjectName, Deployment.Instance.StackName, settings.Name, settings.Tags));
}
