using System.Collections.Immutable;
using HaCluster.Stack.Encryption;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Platform;
using Pulumi;
using Aws = Pulumi.Aws;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Tests.Platform;

/// <summary>The platform alone, with one secret and one certificate of each kind.</summary>
public sealed class SecretsStack : Pulumi.Stack
{
    public SecretsStack()
    {
        var scope = new StackScope(
            "ha", AwsAccount.LookUp("eu-central-1"), ResourceTags.For("p", "s", "ha", ImmutableSortedDictionary<string, string>.Empty));
        var foundation = new Foundation
        {
            Scope = scope,
            Cluster = new Aws.Eks.Cluster(
                "cluster", new Aws.Eks.ClusterArgs { RoleArn = "arn", VpcConfig = new Aws.Eks.Inputs.ClusterVpcConfigArgs { SubnetIds = { "subnet" } } }),
            // None of the parts declared here looks at the network.
            Network = null!,
            Keys = new EncryptionKeys("keys", new EncryptionKeysArgs { Scope = scope, LogGroups = [] }),
            Provider = new Kubernetes.Provider("kubernetes"),
            Zones = 3,
            Ready = [],
        };
        var platform = new PlatformServices("platform", new PlatformServicesArgs { Foundation = foundation });
        _ = new GeneratedSecret(
            "login",
            new GeneratedSecretArgs
            {
                Foundation = foundation,
                Platform = platform,
                Namespace = "monitoring",
                SecretName = "login",
                Data = ImmutableSortedDictionary<string, string>.Empty.Add("password", "{{ .password }}").Add("user", "admin"),
            });
        _ = new DeliveredSecret(
            "slack",
            new DeliveredSecretArgs
            {
                Foundation = foundation,
                Platform = platform,
                Namespace = "monitoring",
                SecretName = "slack",
                Source = "ha/slack",
                Data = ImmutableSortedDictionary<string, string>.Empty.Add("url", "{{ .webhook }}"),
                ComputedData = ImmutableSortedDictionary<string, Input<string>>.Empty.Add("host", Output.Create("late.example")),
                Labels = ImmutableSortedDictionary<string, string>.Empty.Add("app", "alerts"),
            });
        _ = new InternalCertificate(
            "rpc",
            new InternalCertificateArgs
            {
                Foundation = foundation,
                Platform = platform,
                Namespace = "chains",
                SecretName = "rpc-tls",
                DnsNames = ["rpc.chains.svc", "rpc.chains.svc.cluster.local"],
            });
    }
}
