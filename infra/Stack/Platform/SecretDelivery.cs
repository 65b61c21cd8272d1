using System.Collections.Immutable;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Platform;

/// <summary>Input of <see cref="SecretDelivery"/>.</summary>
internal sealed record SecretDeliveryArgs
{
    public required Foundation Foundation { get; init; }

    /// <summary>What must be there before a ServiceMonitor.</summary>
    public required ImmutableArray<Resource> MonitorsReady { get; init; }
}

/// <summary>External Secrets, with a store that gives access only to the cluster's own secrets in AWS Secrets Manager.</summary>
internal sealed class SecretDelivery : ComponentResource
{
    public const string TypeToken = "ha-cluster:platform:SecretDelivery";

    private const string Chart = "external-secrets";
    private const string Name = "app.kubernetes.io/name";

    private static readonly ContainerSize Controller = new("50m", "500m", "256Mi", "128Mi");
    private static readonly ContainerSize Webhook = new("25m", "250m", "128Mi", "128Mi");
    private static readonly ContainerSize CertController = new("25m", "250m", "256Mi", "128Mi");

    public SecretDelivery(string name, SecretDeliveryArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;
        var identity = new PodIdentity(
            Chart,
            new PodRoleArgs
            {
                Scope = foundation.Scope,
                Purpose = "Reads this cluster's secrets to deliver them to its namespaces",
                Namespace = ClusterNamespaces.Platform,
                ServiceAccount = Chart,
                Policy = Policy(foundation.Scope, foundation.Keys.Databases.Arn),
            },
            foundation.Cluster,
            new ComponentResourceOptions { Parent = this });

        var release = ChartRelease.Declare(
            Chart,
            new ChartReleaseArgs
            {
                Chart = Pins.ExternalSecrets,
                Name = Chart,
                Namespace = ClusterNamespaces.Platform,
                Values = Values(foundation.Zones),
                Provider = foundation.Provider,
                After = [.. foundation.Ready, .. args.MonitorsReady, identity],
            },
            this);

        var store = new Kubernetes.ApiExtensions.CustomResource(
            PlatformServices.SecretStore,
            Store(foundation.Scope.Account.Region),
            new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = { release } });
        Ready = [release, store];
        RegisterOutputs();
    }

    /// <summary>What must be there before an ExternalSecret or a generator.</summary>
    public ImmutableArray<Resource> Ready { get; }

    // Only namespaces of this program, not those created by hand. There is no auth: its pods have the role.
    private static SpecifiedObjectArgs Store(string region) => new(
        "external-secrets.io/v1", "ClusterSecretStore", new ObjectMetaArgs { Name = PlatformServices.SecretStore })
    {
        Spec =
        {
            ["provider"] = new Dictionary<string, object>
            {
                ["aws"] = new Dictionary<string, object> { ["service"] = "SecretsManager", ["region"] = region },
            },
            ["conditions"] = new[]
            {
                new Dictionary<string, object>
                {
                    ["namespaceSelector"] = new Dictionary<string, object>
                    {
                        ["matchLabels"] = new Dictionary<string, object> { ["app.kubernetes.io/part-of"] = "ha-cluster" },
                    },
                },
            },
        },
    };

    // Not those of the databases' master users, which have names of another kind (rds!cluster-...).
    private static Output<string> Policy(StackScope scope, Output<string> databaseKey) => Output
        .Tuple(
            scope.Account.Arn("secretsmanager", $"secret:{scope.ClusterName}/*"),
            databaseKey,
            scope.Account.DnsSuffix)
        .Apply(found => PolicyDocument.Json(
            new PolicyStatement
            {
                Sid = "ReadSecretsOfThisCluster",
                Actions = ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
                Resources = [found.Item1],
            },
            new PolicyStatement
            {
                Sid = "DecryptSecrets",
                Actions = ["kms:Decrypt"],
                Resources = [found.Item2],
                Conditions = [PolicyCondition.Is("kms:ViaService", $"secretsmanager.{scope.Account.Region}.{found.Item3}")],
            }));

    // https://github.com/external-secrets/external-secrets/blob/helm-chart-2.9.0/deploy/charts/external-secrets/values.yaml
    private static Dictionary<string, object> Values(int zones) => ControllerPlacement.Place(
        new Dictionary<string, object>
        {
            ["fullnameOverride"] = Chart,
            ["installCRDs"] = true,
            ["leaderElect"] = true,
            ["priorityClassName"] = ControllerPlacement.PriorityClass,
            ["serviceAccount"] = new Dictionary<string, object> { ["create"] = true, ["name"] = Chart },
            // Otherwise a user with access to one namespace could get any secret of the cluster delivered there.
            ["rbac"] = new Dictionary<string, object> { ["aggregateToEdit"] = false },
            ["livenessProbe"] = new Dictionary<string, object> { ["enabled"] = true },
            ["readinessProbe"] = new Dictionary<string, object> { ["enabled"] = true },
            ["serviceMonitor"] = new Dictionary<string, object> { ["enabled"] = true, ["renderMode"] = "alwaysRender" },
            ["webhook"] = ControllerPlacement.Place(
                new Dictionary<string, object>
                {
                    ["port"] = PlatformServices.WebhookPort,
                    ["priorityClassName"] = ControllerPlacement.PriorityClass,
                },
                zones, Webhook, (Name, $"{Chart}-webhook")),
            ["certController"] = ControllerPlacement.Place(
                new Dictionary<string, object> { ["priorityClassName"] = ControllerPlacement.PriorityClass },
                zones, CertController, (Name, $"{Chart}-cert-controller")),
        },
        zones, Controller, (Name, Chart));
}
