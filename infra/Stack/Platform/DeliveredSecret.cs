using System.Collections.Immutable;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Platform;

/// <summary>Input of <see cref="DeliveredSecret"/>.</summary>
public sealed record DeliveredSecretArgs
{
    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    public required string Namespace { get; init; }

    /// <summary>Name of the Kubernetes secret.</summary>
    public required string SecretName { get; init; }

    /// <summary>Name or ARN of the secret in AWS Secrets Manager, a JSON object.</summary>
    public required Input<string> Source { get; init; }

    /// <summary>
    /// Keys of the Kubernetes secret and their values as templates over the properties of the source: <c>{{ .password }}</c>. Null: each property of the source
    /// is a key, and its value is what it has there.
    /// </summary>
    public required ImmutableSortedDictionary<string, string>? Data { get; init; }

    /// <summary>More of the same, for templates with parts that only a resource knows, such as the address of a database.</summary>
    public ImmutableSortedDictionary<string, Input<string>> ComputedData { get; init; } = ImmutableSortedDictionary<string, Input<string>>.Empty;

    /// <summary>Labels of the Kubernetes secret.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>
/// A Kubernetes secret kept equal to one in AWS Secrets Manager. The program and the state of Pulumi never see its value, and a rotation
/// arrives by itself.
/// </summary>
public sealed class DeliveredSecret : ComponentResource
{
    public const string TypeToken = "ha-cluster:platform:DeliveredSecret";

    // A rotated password is refused until it has arrived here; a million calls cost 5 USD.
    private const string RefreshInterval = "1m";

    public DeliveredSecret(string name, DeliveredSecretArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _ = new Kubernetes.ApiExtensions.CustomResource(
            name,
            new SpecifiedObjectArgs(
                "external-secrets.io/v1", "ExternalSecret", new ObjectMetaArgs { Name = args.SecretName, Namespace = args.Namespace })
            {
                Spec =
                {
                    ["refreshInterval"] = RefreshInterval,
                    ["secretStoreRef"] = new Dictionary<string, object> { ["kind"] = "ClusterSecretStore", ["name"] = PlatformServices.SecretStore },
                    ["target"] = Target(args),
                    ["dataFrom"] = new[]
                    {
                        new Dictionary<string, object> { ["extract"] = new Dictionary<string, object> { ["key"] = args.Source } },
                    },
                },
            },
            new CustomResourceOptions
            {
                Parent = this,
                Provider = args.Foundation.Provider,
                DependsOn = args.Platform.SecretsReady.AddRange(args.Foundation.Ready),
            });
        RegisterOutputs();
    }

    private static Dictionary<string, object> Target(DeliveredSecretArgs args)
    {
        var target = new Dictionary<string, object>
        {
            ["name"] = args.SecretName,
            // While the source cannot be read, what was delivered before stays.
            ["deletionPolicy"] = "Retain",
        };
        if (args.Data is { } data)
        {
            target["template"] = new Dictionary<string, object>
            {
                ["engineVersion"] = "v2",
                ["metadata"] = new Dictionary<string, object> { ["labels"] = args.Labels },
                ["data"] = Templates(args, data),
            };
        }

        return target;
    }

    private static Dictionary<string, object> Templates(DeliveredSecretArgs args, ImmutableSortedDictionary<string, string> data)
    {
        var templates = data.ToDictionary(pair => pair.Key, pair => (object)pair.Value);
        foreach (var (key, template) in args.ComputedData)
            templates[key] = template;
        return templates;
    }
}
