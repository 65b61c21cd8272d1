using System.Collections.Immutable;
using HaCluster.Stack.Settings.Namespaces;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Payments;

/// <summary>
/// The ways to the signer and to the service. The signer is in a namespace of its own, closed even to itself, and the pods of the service are the only ones that reach it. The service is reached from its own
/// namespace, from the gateway (<c>allow-platform</c>) and from the namespaces of the settings. Nodes, databases and webhooks are open to it already: by the fronts' policies and by the reach of the namespace.
/// </summary>
public sealed class PaymentsFirewall : ComponentResource
{
    public const string TypeToken = "ha-cluster:payments:Firewall";

    private readonly Foundation _foundation;

    /// <param name="clients">Namespaces whose pods may call the service.</param>
    public PaymentsFirewall(string name, ImmutableArray<string> clients, Foundation foundation, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _foundation = foundation;
        In("payments-to-signer", ClusterNamespaces.Signing, PaymentsNames.Signer, PodsIn(ClusterNamespaces.Payments, PaymentsNames.Service));
        Out("payments-to-signer-out", ClusterNamespaces.Payments, Pods(PaymentsNames.Service), PodsIn(ClusterNamespaces.Signing, PaymentsNames.Signer));
        foreach (var client in clients)
        {
            In($"{client}-to-payments", ClusterNamespaces.Payments, PaymentsNames.Service, Namespace(client));
            // The egress half of the same flow: without it the pods could not reach the service that accepts them.
            Out($"{client}-to-payments-out", client, new LabelSelectorArgs(), PodsIn(ClusterNamespaces.Payments, PaymentsNames.Service));
        }

        RegisterOutputs();
    }

    private void In(string name, string space, string pods, NetworkPolicyPeerArgs from) => Declare(name, space, new NetworkPolicySpecArgs
    {
        PodSelector = Pods(pods),
        PolicyTypes = { "Ingress" },
        Ingress = { new NetworkPolicyIngressRuleArgs { From = { from }, Ports = { Port() } } },
    });

    private void Out(string name, string space, LabelSelectorArgs pods, NetworkPolicyPeerArgs to) => Declare(name, space, new NetworkPolicySpecArgs
    {
        PodSelector = pods,
        PolicyTypes = { "Egress" },
        Egress = { new NetworkPolicyEgressRuleArgs { To = { to }, Ports = { Port() } } },
    });

    private void Declare(string name, string space, NetworkPolicySpecArgs spec) => _ = new Kubernetes.Networking.V1.NetworkPolicy(
        name,
        new NetworkPolicyArgs { Metadata = new ObjectMetaArgs { Name = name, Namespace = space }, Spec = spec },
        new CustomResourceOptions { Parent = this, Provider = _foundation.Provider, DependsOn = _foundation.Ready });

    private static LabelSelectorArgs Pods(string name) => new() { MatchLabels = { [PaymentsNames.Label] = name } };

    private static LabelSelectorArgs NamespaceLabels(string name) => new() { MatchLabels = { ["kubernetes.io/metadata.name"] = name } };

    private static NetworkPolicyPeerArgs PodsIn(string space, string pods) => new() { NamespaceSelector = NamespaceLabels(space), PodSelector = Pods(pods) };

    private static NetworkPolicyPeerArgs Namespace(string name) => new() { NamespaceSelector = NamespaceLabels(name) };

    private static NetworkPolicyPortArgs Port() => new() { Protocol = "TCP", Port = PaymentsNames.Port };
}
