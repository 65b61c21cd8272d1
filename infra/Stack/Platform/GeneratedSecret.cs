using System.Collections.Immutable;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Platform;

/// <summary>Input of <see cref="GeneratedSecret"/>.</summary>
public sealed record GeneratedSecretArgs
{
    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    public required string Namespace { get; init; }

    /// <summary>Name of the Kubernetes secret.</summary>
    public required string SecretName { get; init; }

    /// <summary>Keys of the secret and their values as templates; <c>{{ .password }}</c> is 48 random letters and digits.</summary>
    public required ImmutableSortedDictionary<string, string> Data { get; init; }
}

/// <summary>A Kubernetes secret with a random password, made once, in the cluster: the program and the state of Pulumi never see it.</summary>
public sealed class GeneratedSecret : ComponentResource
{
    public const string TypeToken = "ha-cluster:platform:GeneratedSecret";

    private const string Generators = "generators.external-secrets.io/v1alpha1";

    public GeneratedSecret(string name, GeneratedSecretArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var child = new CustomResourceOptions
        {
            Parent = this,
            Provider = args.Foundation.Provider,
            DependsOn = args.Platform.SecretsReady.AddRange(args.Foundation.Ready),
        };
        var metadata = new ObjectMetaArgs { Name = args.SecretName, Namespace = args.Namespace };
        var generator = new Kubernetes.ApiExtensions.CustomResource(
            $"{name}-password",
            new SpecifiedObjectArgs(Generators, "Password", metadata)
            {
                // Only letters and digits: no quoting, in no file and no address.
                Spec = { ["length"] = 48, ["digits"] = 12, ["symbols"] = 0, ["noUpper"] = false, ["allowRepeat"] = true },
            },
            child);
        _ = new Kubernetes.ApiExtensions.CustomResource(
            name,
            new SpecifiedObjectArgs("external-secrets.io/v1", "ExternalSecret", metadata)
            {
                Spec =
                {
                    // A new password would lock out clients with the first one.
                    ["refreshPolicy"] = "CreatedOnce",
                    ["target"] = new Dictionary<string, object>
                    {
                        ["name"] = args.SecretName,
                        ["deletionPolicy"] = "Retain",
                        ["template"] = new Dictionary<string, object> { ["engineVersion"] = "v2", ["data"] = args.Data },
                    },
                    ["dataFrom"] = new[]
                    {
                        new Dictionary<string, object>
                        {
                            ["sourceRef"] = new Dictionary<string, object>
                            {
                                ["generatorRef"] = new Dictionary<string, object>
                                {
                                    ["apiVersion"] = Generators,
                                    ["kind"] = "Password",
                                    ["name"] = args.SecretName,
                                },
                            },
                        },
                    },
                },
            },
            CustomResourceOptions.Merge(child, new CustomResourceOptions { DependsOn = { generator } }));
        RegisterOutputs();
    }
}
