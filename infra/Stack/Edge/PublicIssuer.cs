using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Edge;
using HaCluster.Stack.Settings.Namespaces;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Edge;

/// <summary>Input of <see cref="PublicIssuer"/>.</summary>
public sealed record PublicIssuerArgs
{
    public required EdgeSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    /// <summary>The gateway that serves the challenges of the CA.</summary>
    public required PublicGateway Gateway { get; init; }
}

/// <summary>
/// Certificates that browsers trust, from Let's Encrypt. Domains are validated over HTTP, through the gateway: this needs no permissions in
/// anybody's DNS, and works for domains whose names are kept elsewhere.
/// </summary>
public sealed class PublicIssuer : ComponentResource
{
    public const string TypeToken = "ha-cluster:edge:PublicIssuer";

    /// <summary>Name of the ClusterIssuer.</summary>
    public const string Name = "public";

    public PublicIssuer(string name, PublicIssuerArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;
        _ = new Kubernetes.ApiExtensions.CustomResource(
            name,
            new EdgeObjectArgs("cert-manager.io/v1", "ClusterIssuer")
            {
                Metadata = new ObjectMetaArgs { Name = Name },
                Spec = new Dictionary<string, object> { ["acme"] = Acme(args.Settings) },
            },
            new CustomResourceOptions
            {
                Parent = this,
                Provider = foundation.Provider,
                DependsOn = (Resource[])[.. args.Platform.CertificatesReady, args.Gateway],
            });

        // Before cert-manager starts the challenge it checks the challenge itself, like an external client.
        _ = new Kubernetes.Networking.V1.NetworkPolicy(
            name,
            new NetworkPolicyArgs
            {
                Metadata = new ObjectMetaArgs { Name = "allow-certificate-check", Namespace = ClusterNamespaces.Platform },
                Spec = new NetworkPolicySpecArgs
                {
                    PodSelector = new LabelSelectorArgs
                    {
                        MatchLabels = { ["app.kubernetes.io/name"] = "cert-manager", ["app.kubernetes.io/component"] = "controller" },
                    },
                    PolicyTypes = { "Egress" },
                    Egress =
                    {
                        new NetworkPolicyEgressRuleArgs
                        {
                            To = { NamespaceFirewall.Internet() },
                            Ports = { new NetworkPolicyPortArgs { Protocol = "TCP", Port = 80 } },
                        },
                    },
                },
            },
            new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = foundation.Ready });
        RegisterOutputs();
    }

    // https://cert-manager.io/docs/configuration/acme/http01/#configuring-the-http-01-gateway-api-solver
    private static Dictionary<string, object> Acme(EdgeSettings settings)
    {
        var acme = new Dictionary<string, object>
        {
            ["server"] = settings.AcmeServer == AcmeServer.Production
                ? "https://acme-v02.api.letsencrypt.org/directory"
                : "https://acme-staging-v02.api.letsencrypt.org/directory",
            ["privateKeySecretRef"] = new Dictionary<string, object> { ["name"] = "public-issuer-account" },
            ["solvers"] = new[]
            {
                new Dictionary<string, object>
                {
                    ["http01"] = new Dictionary<string, object>
                    {
                        ["gatewayHTTPRoute"] = new Dictionary<string, object>
                        {
                            // The default is a port on every node, which the quota does not allow and nothing needs.
                            ["serviceType"] = "ClusterIP",
                            ["parentRefs"] = new[] { PublicGateway.ParentRef(PublicGateway.HttpListener) },
                            ["podTemplate"] = new Dictionary<string, object>
                            {
                                ["spec"] = new Dictionary<string, object> { ["priorityClassName"] = PriorityClasses.High },
                            },
                        },
                    },
                },
            },
        };
        if (settings.AcmeEmail.Length > 0)
            acme["email"] = settings.AcmeEmail;
        return acme;
    }
}
