using System.Collections.Immutable;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Platform;

/// <summary>Input of <see cref="InternalCertificate"/>.</summary>
public sealed record InternalCertificateArgs
{
    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    public required string Namespace { get; init; }

    /// <summary>Secret that cert-manager keeps it in, as <c>tls.crt</c>, <c>tls.key</c> and <c>ca.crt</c>.</summary>
    public required string SecretName { get; init; }

    /// <summary>Names that clients use, such as <c>bitcoin-rpc.chains.svc</c>.</summary>
    public required ImmutableArray<string> DnsNames { get; init; }

    /// <summary>Whether its owner also shows it to servers that it calls.</summary>
    public bool IsForClients { get; init; }
}

/// <summary>A certificate of the cluster's own authority, for TLS between services; cert-manager renews it.</summary>
public sealed class InternalCertificate : ComponentResource
{
    public const string TypeToken = "ha-cluster:platform:Certificate";

    // 90 days, and a month before their end in which somebody can notice that it was not renewed.
    private const string Lifetime = "2160h";
    private const string RenewBefore = "720h";

    private static readonly string[] ServerUsages = ["digital signature", "server auth"];

    public InternalCertificate(string name, InternalCertificateArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _ = new Kubernetes.ApiExtensions.CustomResource(
            name,
            new SpecifiedObjectArgs(
                "cert-manager.io/v1", "Certificate", new ObjectMetaArgs { Name = args.SecretName, Namespace = args.Namespace })
            {
                Spec =
                {
                    ["secretName"] = args.SecretName,
                    ["dnsNames"] = args.DnsNames,
                    ["duration"] = Lifetime,
                    ["renewBefore"] = RenewBefore,
                    // In the format that every TLS library reads, also Java's. btcd creates its own keys on such a curve, so it supports this one.
                    ["privateKey"] = new Dictionary<string, object>
                    {
                        ["algorithm"] = "ECDSA",
                        ["size"] = 256,
                        ["encoding"] = "PKCS8",
                        ["rotationPolicy"] = "Always",
                    },
                    ["usages"] = args.IsForClients ? [.. ServerUsages, "client auth"] : ServerUsages,
                    ["issuerRef"] = new Dictionary<string, object>
                    {
                        ["group"] = "cert-manager.io",
                        ["kind"] = "ClusterIssuer",
                        ["name"] = PlatformServices.InternalIssuer,
                    },
                },
            },
            new CustomResourceOptions
            {
                Parent = this,
                Provider = args.Foundation.Provider,
                DependsOn = args.Platform.CertificatesReady.AddRange(args.Foundation.Ready),
            });
        RegisterOutputs();
    }
}
