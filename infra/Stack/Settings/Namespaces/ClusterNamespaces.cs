using System.Collections.Immutable;
using HaCluster.Stack.Settings.Chains;

namespace HaCluster.Stack.Settings.Namespaces;

/// <summary>The cluster's own namespaces, one per concern; workloads are declared into these.</summary>
public static class ClusterNamespaces
{
    public const string Platform = "platform";
    public const string Chains = "chains";
    public const string Payments = "payments";
    public const string Monitoring = "monitoring";
    public const string Logging = "logging";
    public const string Delivery = "delivery";
    public const string Signing = "signing";

    /// <summary>Namespaces that belong to Kubernetes itself.</summary>
    public static readonly ImmutableArray<string> OfKubernetes = ["default", "kube-node-lease", "kube-public", "kube-system"];

    private static readonly ContainerCeiling Small = ContainerCeiling.Of("2", "4Gi", "8Gi");
    private static readonly ContainerCeiling Medium = ContainerCeiling.Of("4", "8Gi", "10Gi");
    private static readonly ContainerCeiling Large = ContainerCeiling.Of("8", "28Gi", "20Gi");

    /// <summary>In order of name.</summary>
    public static readonly ImmutableArray<NamespaceProfile> All =
    [
        new()
        {
            Name = Chains,
            Purpose = "Blockchain nodes",
            // Sized by what is declared; this is what is left when the program declares no chain.
            Quota = Quota.Of("24", "96Gi", "100Gi", pods: 40, volumes: 20, storage: "20Ti", loadBalancers: 0, Large) with { LargestVolume = Quantity.Parse("4Ti") },
            PodSecurity = PodSecurity.Restricted,
            // Peers choose their own ports.
            Reach = Reach.InternetAnyPort | Reach.ControlPlane,
            Priority = PodPriority.High,
            // The RPC of an execution client has no authentication.
            IsClosed = true,
        },
        new()
        {
            Name = Delivery,
            Purpose = "Builds and releases",
            Quota = Quota.Of("12", "24Gi", "100Gi", pods: 40, volumes: 10, storage: "200Gi", loadBalancers: 0, Medium),
            PodSecurity = PodSecurity.Baseline,
            Reach = Reach.ControlPlane | Reach.InternetHttps,
        },
        new()
        {
            Name = Logging,
            Purpose = "Log shipping and search",
            // One agent per node (39 with the default pools at their largest), the finance-log service, and the setup of OpenSearch.
            Quota = Quota.Of("8", "20Gi", "60Gi", pods: 80, volumes: 10, storage: "500Gi", loadBalancers: 0, Medium),
            // Log agents read /var/log of their node through hostPath volumes.
            PodSecurity = PodSecurity.Privileged,
            // HTTPS egress also allows S3: its gateway endpoint is a route, and its addresses are public.
            Reach = Reach.ControlPlane | Reach.InternetHttps,
            Priority = PodPriority.High,
        },
        new()
        {
            Name = Monitoring,
            Purpose = "Metrics, dashboards, alerts",
            // One pod per node for the node exporter; the rest is about 20 pods.
            Quota = Quota.Of("12", "40Gi", "64Gi", pods: 120, volumes: 20, storage: "1Ti", loadBalancers: 0, Large) with { LargestVolume = Quantity.Parse("250Gi") },
            // The node exporter shares the network and process space of its node.
            PodSecurity = PodSecurity.Privileged,
            Reach = Reach.ControlPlane | Reach.InternetHttps | Reach.WholeCluster,
            Priority = PodPriority.High,
            HasWebhooks = true,
        },
        new()
        {
            Name = Payments,
            Purpose = "Wallets, ledgers and payment services",
            Quota = Quota.Of("12", "24Gi", "40Gi", pods: 80, volumes: 10, storage: "200Gi", loadBalancers: 0, Medium),
            PodSecurity = PodSecurity.Restricted,
            Reach = Reach.ControlPlane | Reach.Data | Reach.InternetHttps,
            Priority = PodPriority.Critical,
        },
        new()
        {
            Name = Platform,
            Purpose = "Ingress, certificates and other services of the cluster itself",
            // Half of it is for the proxies of the gateway at their most (EdgeSettings.ReplicasLimit).
            Quota = Quota.Of("20", "48Gi", "80Gi", pods: 120, volumes: 5, storage: "100Gi", loadBalancers: 4, Medium),
            PodSecurity = PodSecurity.Baseline,
            // The gateway forwards to services in every namespace.
            Reach = Reach.ControlPlane | Reach.InternetHttps | Reach.WholeCluster,
            Priority = PodPriority.High,
            HasWebhooks = true,
        },
        new()
        {
            Name = Signing,
            Purpose = "Keys that move money: the signer of payments",
            Quota = Quota.Of("2", "4Gi", "8Gi", pods: 10, volumes: 0, storage: "1Gi", loadBalancers: 0, Small),
            PodSecurity = PodSecurity.Restricted,
            // KMS, and the database of its journal.
            Reach = Reach.ControlPlane | Reach.Data,
            Priority = PodPriority.Critical,
            IsClosed = true,
        },
    ];

    /// <summary>All namespaces, with quotas that fit the declared workloads.</summary>
    public static IEnumerable<NamespaceProfile> SizedFor(ChainsSettings chains) =>
        All.Select(profile => profile.Name == Chains ? chains.Sized(profile) : profile);

    /// <summary>Defaults of a namespace of the user.</summary>
    public static NamespaceProfile UserDefault(string name) => new()
    {
        Name = name,
        Purpose = "Declared in the settings",
        Quota = Quota.Of("4", "16Gi", "20Gi", pods: 40, volumes: 5, storage: "100Gi", loadBalancers: 0, Small),
        PodSecurity = PodSecurity.Restricted,
        Reach = Reach.InternetHttps,
    };
}
