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
using HaCluster.Stack.Logging;
using HaCluster.Stack.Logging.Agent;
using HaCluster.Stack.Logging.Finance;
using HaCluster.Stack.Monitoring;
using HaCluster.Stack.Monitoring.Metrics;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Network;
using HaCluster.Stack.Nodes;
using HaCluster.Stack.Payments;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Sites;
using HaCluster.Stack.Storage;
using Pulumi;

namespace HaCluster.Stack;

/// <content>Creates each part. A part that is switched off declares nothing.</content>
public sealed partial class HaClusterStack
{
    private static StackScope Scope(StackSettings settings) => new(
        settings.Name,
        AwsAccount.LookUp(settings.Region),
        ResourceTags.For(Deployment.Instance.ProjectName, Deployment.Instance.StackName, settings.Name, settings.Tags));

    private static EncryptionKeys Keys(StackScope scope, LogGroupNames logGroups) => new("keys", new EncryptionKeysArgs
    {
        Scope = scope.Of("encryption"),
        LogGroups = logGroups.All,
    });

    private static ClusterNetwork Network(
        StackSettings settings, ImmutableArray<string> zones, StackScope scope, LogGroupNames logGroups, EncryptionKeys keys) => new("network", new ClusterNetworkArgs
        {
            Scope = scope.Of("network"),
            Settings = settings.Network,
            Nat = settings.Nat,
            ZoneNames = zones,
            FlowLogGroup = logGroups.Flow,
            LogKeyArn = keys.Logs.Arn,
        });

    private static ControlPlane ControlPlane(
        StackSettings settings, StackScope scope, LogGroupNames logGroups, EncryptionKeys keys, ClusterNetwork network) => new("cluster", new ControlPlaneArgs
        {
            Scope = scope.Of("cluster"),
            Settings = settings.Cluster,
            Network = network,
            ServiceCidr = settings.Network.ServiceCidr,
            LogGroup = logGroups.ControlPlane,
            LogKeyArn = keys.Logs.Arn,
            SecretsKeyArn = keys.Secrets.Arn,
        });

    private static NodeGroups Nodes(StackSettings settings, StackScope scope, ClusterNetwork network, ControlPlane controlPlane)
    {
        var nodeAddons = new NodeAddons("node-addons", new NodeAddonsArgs
        {
            Scope = scope.Of("cluster"),
            Version = settings.Cluster.Version,
            Cluster = controlPlane.Cluster,
        });
        return new NodeGroups("nodes", new NodeGroupsArgs
        {
            Scope = scope.Of("nodes"),
            Settings = settings.NodePools,
            Cluster = controlPlane.Cluster,
            Network = network,
            NodeAddons = nodeAddons.All,
        });
    }

    /// <summary>What all workloads need: add-ons, autoscaler, guard rails, storage.</summary>
    private static Foundation Foundation(
        StackSettings settings, StackScope scope, EncryptionKeys keys, ClusterNetwork network, ControlPlane controlPlane, NodeGroups nodes)
    {
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
        return new Foundation
        {
            Scope = scope,
            Cluster = controlPlane.Cluster,
            Network = network,
            Keys = keys,
            Provider = kubernetes,
            Zones = settings.Zones,
            Ready = [guards, storage, autoscaler, addons, .. nodes.Resources],
        };
    }

    private static SharedServices Services(StackSettings settings, Foundation foundation)
    {
        var gateway = settings.Edge.IsEnabled
            ? new GatewayController("gateway-controller", new GatewayControllerArgs { Foundation = foundation.Of("edge") })
            : null;
        var platform = new PlatformServices("platform", new PlatformServicesArgs { Foundation = foundation.Of("platform"), Gateway = gateway });
        var alarms = new AlarmTopics("alarms", new AlarmTopicsArgs { Foundation = foundation.Of("alarms"), Settings = settings.Monitoring });
        return new SharedServices(gateway, platform, alarms);
    }

    private static void Monitoring(StackSettings settings, Foundation foundation, SharedServices services)
    {
        if (!settings.Monitoring.IsEnabled)
            return;
        _ = new ClusterMonitoring("monitoring", new ClusterMonitoringArgs
        {
            Settings = settings.Monitoring,
            Foundation = foundation.Of("monitoring"),
            Platform = services.Platform,
            Alarms = services.Alarms,
            Stack = settings,
        });
    }

    private static void Edge(StackSettings settings, Foundation foundation, SharedServices services)
    {
        if (services.Gateway is not { } gateway)
            return;
        var edge = new ClusterEdge("edge", new ClusterEdgeArgs
        {
            Settings = settings.Edge,
            Sites = settings.Sites.All,
            Foundation = foundation.Of("edge"),
            Platform = services.Platform,
            Controller = gateway,
            Alarms = services.Alarms,
        });
        foreach (var site in settings.Sites.All)
        {
            _ = new Site($"site-{site.Name}", new SiteArgs
            {
                Settings = site,
                Foundation = foundation.Of($"site-{site.Name}"),
                Platform = services.Platform,
                Edge = edge,
            });
        }
    }

    /// <returns>Null: they are switched off.</returns>
    private static ClusterDatabases? Databases(StackSettings settings, Foundation foundation, SharedServices services)
    {
        if (!settings.Databases.IsEnabled)
            return null;
        return new ClusterDatabases("databases", new ClusterDatabasesArgs
        {
            Settings = settings.Databases,
            Foundation = foundation.Of("databases"),
            Platform = services.Platform,
            Alarms = services.Alarms,
        });
    }

    /// <returns>Null: it is switched off.</returns>
    private static ClusterLogging? Logging(StackSettings settings, Foundation foundation, SharedServices services)
    {
        if (!settings.Logging.IsEnabled)
            return null;
        return new ClusterLogging("logging", new ClusterLoggingArgs
        {
            Settings = settings.Logging,
            Foundation = foundation.Of("logging"),
            Platform = services.Platform,
            Alarms = services.Alarms,
            Producers = settings.Payments is { IsEnabled: true, HasFinanceLog: true } payments ? [PaymentsService.ProducerOf(payments)] : [],
        });
    }

    private static void Chains(StackSettings settings, Foundation foundation, SharedServices services)
    {
        if (!settings.Chains.IsEnabled)
            return;
        _ = new ClusterChains("chains", new ClusterChainsArgs
        {
            Settings = settings.Chains,
            Foundation = foundation.Of("chains"),
            Platform = services.Platform,
        });
    }

    private static void Payments(StackSettings settings, Foundation foundation, SharedServices services, ClusterDatabases? databases)
    {
        // PaymentsSettings refuses to enable them without a database.
        if (!settings.Payments.IsEnabled || databases is null)
            return;
        _ = new ClusterPayments("cluster-payments", new ClusterPaymentsArgs
        {
            Settings = settings.Payments,
            Chains = settings.Chains,
            FinanceLog = settings.Payments.HasFinanceLog ? FinanceService.AddressOf(settings.Logging.Finance) : null,
            Foundation = foundation.Of("payments"),
            Platform = services.Platform,
            Databases = databases,
        });
    }

    /// <returns>Null: it is switched off.</returns>
    private static ClusterDelivery? Delivery(StackSettings settings, Foundation foundation, SharedServices services)
    {
        if (!settings.Delivery.IsEnabled)
            return null;
        return new ClusterDelivery("delivery", new ClusterDeliveryArgs
        {
            Settings = settings.Delivery,
            Foundation = foundation.Of("delivery"),
            Platform = services.Platform,
        });
    }

    /// <returns>Null: they are switched off.</returns>
    private static ClusterBackups? Backups(StackSettings settings, Foundation foundation, SharedServices services)
    {
        if (!settings.Backups.IsEnabled)
            return null;
        return new ClusterBackups("backups", new ClusterBackupsArgs
        {
            Settings = settings.Backups,
            Foundation = foundation.Of("backups"),
            Platform = services.Platform,
        });
    }

    /// <summary>Services that most parts use.</summary>
    /// <param name="Gateway">Null where the edge is switched off.</param>
    private sealed record SharedServices(GatewayController? Gateway, PlatformServices Platform, AlarmTopics Alarms);
}
