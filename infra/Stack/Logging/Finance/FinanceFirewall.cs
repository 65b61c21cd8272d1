using HaCluster.Stack.Settings.Logging;
using HaCluster.Stack.Settings.Namespaces;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Logging.Finance;

/// <summary>
/// The way from the payment services to the finance log. What the log itself calls is open already: S3, KMS and pod identity to its namespace, OpenSearch to its pods by
/// <c>allow-search</c>; and Prometheus may read the metrics of every pod there.
/// </summary>
public sealed class FinanceFirewall : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:FinanceFirewall";

    private const string Name = "allow-finance-log";

    public FinanceFirewall(string name, FinanceSettings settings, Foundation foundation, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var child = new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = foundation.Ready };
        _ = new Kubernetes.Networking.V1.NetworkPolicy(
            "finance-log-producers",
            new NetworkPolicyArgs { Metadata = Metadata(ClusterNamespaces.Logging), Spec = FromPayments(settings) },
            child);
        _ = new Kubernetes.Networking.V1.NetworkPolicy(
            "payments-to-finance-log",
            new NetworkPolicyArgs { Metadata = Metadata(ClusterNamespaces.Payments), Spec = ToFinanceLog(settings) },
            child);
        RegisterOutputs();
    }

    private static NetworkPolicySpecArgs FromPayments(FinanceSettings settings) => new()
    {
        PodSelector = Pods(settings),
        PolicyTypes = { "Ingress" },
        Ingress =
        {
            new NetworkPolicyIngressRuleArgs
            {
                From = { new NetworkPolicyPeerArgs { NamespaceSelector = Namespace(ClusterNamespaces.Payments) } },
                Ports = Ports(settings),
            },
        },
    };

    // The egress half of the same flow: without it the pods could not reach the service that accepts them.
    private static NetworkPolicySpecArgs ToFinanceLog(FinanceSettings settings) => new()
    {
        PodSelector = new LabelSelectorArgs(),
        PolicyTypes = { "Egress" },
        Egress =
        {
            new NetworkPolicyEgressRuleArgs
            {
                To = { new NetworkPolicyPeerArgs { NamespaceSelector = Namespace(ClusterNamespaces.Logging), PodSelector = Pods(settings) } },
                Ports = Ports(settings),
            },
        },
    };

    private static LabelSelectorArgs Pods(FinanceSettings settings) => new() { MatchLabels = { [FinanceService.Label] = settings.ServiceAccount } };

    private static LabelSelectorArgs Namespace(string name) => new() { MatchLabels = { ["kubernetes.io/metadata.name"] = name } };

    private static NetworkPolicyPortArgs[] Ports(FinanceSettings settings) =>
        [.. FinanceService.PortsOf(settings).Select(port => new NetworkPolicyPortArgs { Protocol = "TCP", Port = port.Number })];

    private static ObjectMetaArgs Metadata(string space) => new() { Name = Name, Namespace = space };
}
