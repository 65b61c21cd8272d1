using System.Collections.Immutable;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Platform;

/// <summary>Input of <see cref="CertificateAuthority"/>.</summary>
internal sealed record CertificateAuthorityArgs
{
    public required Foundation Foundation { get; init; }

    /// <summary>What must be there before a ServiceMonitor.</summary>
    public required ImmutableArray<Resource> MonitorsReady { get; init; }

    /// <summary>Installs the CRDs of Gateway API; null if there is none.</summary>
    public required Resource? Gateway { get; init; }
}

/// <summary>cert-manager, and with it an authority of the cluster's own whose key never leaves the cluster.</summary>
internal sealed class CertificateAuthority : ComponentResource
{
    public const string TypeToken = "ha-cluster:platform:CertificateAuthority";

    private const string Chart = PlatformServices.CertManager;
    private const string SelfSigned = "self-signed";

    private static readonly ContainerSize Controller = new("50m", "500m", "256Mi", "256Mi");
    private static readonly ContainerSize Webhook = new("25m", "250m", "128Mi", "128Mi");

    // It keeps every secret of the cluster in memory.
    private static readonly ContainerSize Injector = new("25m", "250m", "384Mi", "128Mi");
    private static readonly ContainerSize Check = new("10m", "100m", "64Mi", "64Mi");

    public CertificateAuthority(string name, CertificateAuthorityArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;
        var release = ChartRelease.Declare(
            Chart,
            new ChartReleaseArgs
            {
                Chart = Pins.CertManager,
                Name = Chart,
                Namespace = ClusterNamespaces.Platform,
                Values = Values(foundation.Zones, args.Gateway is not null),
                Provider = foundation.Provider,
                After = [.. foundation.Ready, .. args.MonitorsReady, .. args.Gateway is { } gateway ? [gateway] : Array.Empty<Resource>()],
            },
            this);

        var root = Declare(
            SelfSigned, new SpecifiedObjectArgs("cert-manager.io/v1", "ClusterIssuer", new ObjectMetaArgs { Name = SelfSigned })
            {
                Spec = { ["selfSigned"] = new Dictionary<string, object>() },
            },
            foundation,
            release);
        var authority = Declare(PlatformServices.InternalIssuer, Authority(), foundation, root);
        var issuer = Declare(
            $"{PlatformServices.InternalIssuer}-issuer",
            new SpecifiedObjectArgs("cert-manager.io/v1", "ClusterIssuer", new ObjectMetaArgs { Name = PlatformServices.InternalIssuer })
            {
                Spec = { ["ca"] = new Dictionary<string, object> { ["secretName"] = PlatformServices.InternalIssuer } },
            },
            foundation,
            authority);
        Ready = [issuer];
        RegisterOutputs();
    }

    /// <summary>What must be there before a Certificate.</summary>
    public ImmutableArray<Resource> Ready { get; }

    private Kubernetes.ApiExtensions.CustomResource Declare(string name, SpecifiedObjectArgs args, Foundation foundation, Resource after) =>
        new(name, args, new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = { after } });

    // The key stays the same when the certificate is renewed: clients that trust the old one also trust certificates signed by the new one. An issuer of the
    // whole cluster finds its secret in the namespace of cert-manager.
    private static SpecifiedObjectArgs Authority() => new(
        "cert-manager.io/v1", "Certificate", new ObjectMetaArgs { Name = PlatformServices.InternalIssuer, Namespace = ClusterNamespaces.Platform })
    {
        Spec =
        {
            ["isCA"] = true,
            ["commonName"] = PlatformServices.InternalIssuer,
            ["secretName"] = PlatformServices.InternalIssuer,
            ["duration"] = "87600h",
            ["renewBefore"] = "17520h",
            ["privateKey"] = new Dictionary<string, object> { ["algorithm"] = "ECDSA", ["size"] = 256, ["rotationPolicy"] = "Never" },
            ["issuerRef"] = new Dictionary<string, object> { ["group"] = "cert-manager.io", ["kind"] = "ClusterIssuer", ["name"] = SelfSigned },
        },
    };

    // https://github.com/cert-manager/cert-manager/blob/v1.21.1/deploy/charts/cert-manager/values.yaml
    private static Dictionary<string, object> Values(int zones, bool usesGateway) => ControllerPlacement.Place(
        new Dictionary<string, object>
        {
            ["fullnameOverride"] = Chart,
            ["crds"] = new Dictionary<string, object> { ["enabled"] = true, ["keep"] = true },
            ["global"] = new Dictionary<string, object>
            {
                ["priorityClassName"] = ControllerPlacement.PriorityClass,
                ["leaderElection"] = new Dictionary<string, object> { ["namespace"] = ClusterNamespaces.Platform },
                // Otherwise a user with access to one namespace could get a certificate there for a service in another.
                ["rbac"] = new Dictionary<string, object> { ["aggregateClusterRoles"] = false },
            },
            ["clusterResourceNamespace"] = ClusterNamespaces.Platform,
            // It refuses to start with this while the definitions of Gateway API are missing.
            ["config"] = new Dictionary<string, object>
            {
                ["apiVersion"] = "controller.config.cert-manager.io/v1alpha1",
                ["kind"] = "ControllerConfiguration",
                ["gatewayAPI"] = new Dictionary<string, object> { ["enabled"] = usesGateway },
            },
            // Pods may reach only the cluster's DNS; by default it would query the name servers of each domain.
            ["dns01RecursiveNameserversOnly"] = true,
            ["serviceAccount"] = new Dictionary<string, object> { ["create"] = true, ["name"] = Chart },
            ["prometheus"] = new Dictionary<string, object>
            {
                ["enabled"] = true,
                ["servicemonitor"] = new Dictionary<string, object> { ["enabled"] = true },
            },
            ["webhook"] = ControllerPlacement.Place(
                new Dictionary<string, object> { ["securePort"] = PlatformServices.WebhookPort, ["timeoutSeconds"] = 10 },
                zones, Webhook, ("app.kubernetes.io/instance", Chart), ("app.kubernetes.io/component", "webhook")),
            ["cainjector"] = ControllerPlacement.Place(
                [], zones, Injector, ("app.kubernetes.io/instance", Chart), ("app.kubernetes.io/component", "cainjector")),
            ["startupapicheck"] = new Dictionary<string, object>
            {
                ["timeout"] = "5m",
                ["resources"] = Check.Values(),
                ["nodeSelector"] = ControllerPlacement.NodeSelector(),
                ["tolerations"] = ControllerPlacement.Tolerations(),
            },
        },
        zones, Controller, ("app.kubernetes.io/instance", Chart), ("app.kubernetes.io/component", "controller"));
}
