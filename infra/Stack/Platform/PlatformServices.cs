using System.Collections.Immutable;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using Pulumi;

namespace HaCluster.Stack.Platform;

/// <summary>Input of <see cref="PlatformServices"/>.</summary>
public sealed record PlatformServicesArgs
{
    public required Foundation Foundation { get; init; }

    /// <summary>Installs the CRDs of Gateway API; null without an edge, because no certificate is then validated through a gateway.</summary>
    public Resource? Gateway { get; init; }
}

/// <summary>
/// Services that the other parts need: the CRDs of monitors and rules (prometheus-operator-crds), certificates (cert-manager with an
/// authority of the cluster's own), secrets (External Secrets: generated in the cluster, or delivered from AWS Secrets Manager).
/// </summary>
public sealed class PlatformServices : ComponentResource
{
    public const string TypeToken = "ha-cluster:platform:Services";

    /// <summary>ClusterIssuer of certificates for services in the cluster, and the secret with its own certificate in namespace platform.</summary>
    public const string InternalIssuer = "internal-ca";

    /// <summary>ClusterSecretStore of this cluster's secrets in AWS Secrets Manager.</summary>
    public const string SecretStore = "aws";

    /// <summary>Release of cert-manager, and service account of its controller, both in namespace platform.</summary>
    public const string CertManager = "cert-manager";

    // Where the API server may call pods of the namespace: Guardrails.NamespaceFirewall.
    internal const int WebhookPort = 10250;

    private const string Definitions = "prometheus-operator-crds";

    public PlatformServices(string name, PlatformServicesArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;
        MonitorsReady =
        [
            ChartRelease.Declare(
                Definitions,
                new ChartReleaseArgs
                {
                    Chart = Pins.PrometheusOperatorCrds,
                    Name = Definitions,
                    Namespace = ClusterNamespaces.Platform,
                    Values = [],
                    Provider = foundation.Provider,
                    After = foundation.Ready,
                },
                this),
        ];

        var authority = new CertificateAuthority(
            "certificates",
            new CertificateAuthorityArgs { Foundation = foundation, MonitorsReady = MonitorsReady, Gateway = args.Gateway },
            new ComponentResourceOptions { Parent = this });
        CertificatesReady = authority.Ready;

        var delivery = new SecretDelivery(
            "secret-delivery",
            new SecretDeliveryArgs { Foundation = foundation, MonitorsReady = MonitorsReady },
            new ComponentResourceOptions { Parent = this });
        SecretsReady = delivery.Ready;
        RegisterOutputs();
    }

    /// <summary>What must be there before a ServiceMonitor, PodMonitor or PrometheusRule.</summary>
    public ImmutableArray<Resource> MonitorsReady { get; }

    /// <summary>What must be there before a Certificate.</summary>
    public ImmutableArray<Resource> CertificatesReady { get; }

    /// <summary>What must be there before an ExternalSecret or a generator.</summary>
    public ImmutableArray<Resource> SecretsReady { get; }
}
