using System.Collections.Immutable;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Delivery;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Settings.Network;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Networking.V1;
using Pulumi.Kubernetes.Types.Inputs.Policy.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Delivery;

/// <summary>Input of <see cref="GitLabRunner"/>.</summary>
public sealed record GitLabRunnerArgs
{
    public required DeliverySettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }
}

/// <summary>
/// Takes jobs from GitLab and runs each in a pod of its own, without privileges, in a namespace with a quota. Two managers poll with one
/// token, in different zones: when one is lost its jobs are lost, and the other continues to take new ones.
/// </summary>
public sealed class GitLabRunner : ComponentResource
{
    public const string TypeToken = "ha-cluster:delivery:GitLabRunner";

    /// <summary>Service account of jobs; it has no rights and its token is not mounted.</summary>
    public const string JobAccount = "build";

    private const string Name = "gitlab-runner";
    private const string Namespace = ClusterNamespaces.Delivery;
    private const string SecretName = "gitlab-runner-token";
    private const int Http = 80;
    private const int Ssh = 22;

    public GitLabRunner(string name, GitLabRunnerArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var foundation = args.Foundation;
        var child = new CustomResourceOptions { Parent = this, Provider = foundation.Provider, DependsOn = foundation.Ready };
        var token = new DeliveredSecret(
            name,
            new DeliveredSecretArgs
            {
                Foundation = foundation,
                Platform = args.Platform,
                Namespace = Namespace,
                SecretName = SecretName,
                Source = args.Settings.GitLab.RunnerSecret,

                // The chart mounts both keys; the first belongs to a registration method that GitLab is removing.
                Data = ImmutableSortedDictionary<string, string>.Empty
                    .Add("runner-registration-token", "")
                    .Add("runner-token", "{{ .token }}"),
            },
            new ComponentResourceOptions { Parent = this });
        var jobs = new Kubernetes.Core.V1.ServiceAccount(
            JobAccount,
            new ServiceAccountArgs
            {
                Metadata = new ObjectMetaArgs { Name = JobAccount, Namespace = Namespace },
                AutomountServiceAccountToken = false,
            },
            child);
        var release = ChartRelease.Declare(
            name,
            new ChartReleaseArgs
            {
                Chart = Pins.GitLabRunner,
                Name = Name,
                Namespace = Namespace,
                Values = Values(args),
                Provider = foundation.Provider,
                After = [.. foundation.Ready, .. args.Platform.MonitorsReady, token, jobs],
            },
            this);
        if (args.Settings.Runner.Replicas > 1)
            KeepOne(name, release, args);
        AllowJobEgress("http", Http, args.Settings.Runner.HttpTo, child);
        AllowJobEgress("ssh", Ssh, args.Settings.Runner.SshTo, child);
        RegisterOutputs();
    }

    // HTTPS is the namespace's own reach.
    private static void AllowJobEgress(string protocol, int port, ImmutableArray<Ipv4Cidr> blocks, CustomResourceOptions child)
    {
        if (blocks.IsEmpty)
            return;

        _ = new Kubernetes.Networking.V1.NetworkPolicy(
            $"pipeline-jobs-{protocol}",
            new NetworkPolicyArgs
            {
                Metadata = new ObjectMetaArgs { Name = $"allow-jobs-{protocol}", Namespace = Namespace },
                Spec = new NetworkPolicySpecArgs
                {
                    PodSelector = new LabelSelectorArgs { MatchLabels = { [RunnerConfig.JobLabel] = "true" } },
                    PolicyTypes = { "Egress" },
                    Egress =
                    {
                        new NetworkPolicyEgressRuleArgs
                        {
                            To = blocks.Select(NamespaceFirewall.Outside).ToArray(),
                            Ports = { new NetworkPolicyPortArgs { Protocol = "TCP", Port = port } },
                        },
                    },
                },
            },
            child);
    }

    // The chart has no budget of its own.
    private void KeepOne(string name, Resource release, GitLabRunnerArgs args) => _ = new Kubernetes.Policy.V1.PodDisruptionBudget(
        name,
        new PodDisruptionBudgetArgs
        {
            Metadata = new ObjectMetaArgs { Name = Name, Namespace = Namespace },
            Spec = new PodDisruptionBudgetSpecArgs
            {
                MaxUnavailable = 1,
                Selector = new LabelSelectorArgs { MatchLabels = { ["app"] = Name } },
            },
        },
        new CustomResourceOptions { Parent = this, Provider = args.Foundation.Provider, DependsOn = { release } });

    // https://gitlab.com/gitlab-org/charts/gitlab-runner/-/blob/main/values.yaml
    private static Dictionary<string, object> Values(GitLabRunnerArgs args) => new()
    {
        ["fullnameOverride"] = Name,
        ["gitlabUrl"] = args.Settings.GitLab.Url + "/",
        ["replicas"] = args.Settings.Runner.Replicas,
        ["concurrent"] = args.Settings.Runner.Concurrent,

        // Takes the manager off the runner's list in GitLab; the runner itself stays.
        ["unregisterRunners"] = true,

        // A manager that is terminated waits for its jobs.
        ["terminationGracePeriodSeconds"] = 3600,
        ["rbac"] = new Dictionary<string, object> { ["create"] = true, ["rules"] = Rights() },
        ["serviceAccount"] = new Dictionary<string, object> { ["create"] = true, ["name"] = Name },
        ["metrics"] = new Dictionary<string, object>
        {
            ["enabled"] = true,
            ["podMonitor"] = new Dictionary<string, object> { ["enabled"] = true },
        },
        ["runners"] = new Dictionary<string, object>
        {
            ["secret"] = SecretName,
            ["config"] = RunnerConfig.Toml(args.Settings.Runner, Namespace, JobAccount),
        },
        ["resources"] = RunnerSettings.Manager.Values(),
        ["topologySpreadConstraints"] = ZoneSpread.Of(args.Foundation.Zones, ("app", Name)).Values(),
        ["priorityClassName"] = PriorityClasses.Standard,
        ["podSecurityContext"] = new Dictionary<string, object>
        {
            ["runAsUser"] = 100,
            ["fsGroup"] = 65533,
            ["seccompProfile"] = new Dictionary<string, object> { ["type"] = "RuntimeDefault" },
        },
    };

    // Permissions that the Kubernetes executor needs without optional features:
    // https://docs.gitlab.com/runner/executors/kubernetes/#configure-runner-api-permissions
    private static Dictionary<string, object>[] Rights() =>
    [
        Right(["pods"], "create", "delete", "get", "list", "watch"),
        Right(["pods/attach"], "create", "delete", "get", "patch"),
        Right(["pods/exec"], "create", "delete", "get", "patch"),
        Right(["pods/log"], "get", "list"),
        Right(["events"], "list", "watch"),
        Right(["secrets"], "create", "delete", "get", "update"),
        Right(["serviceaccounts"], "get"),
        Right(["services"], "create", "get"),
    ];

    private static Dictionary<string, object> Right(string[] resources, params string[] verbs) =>
        new() { ["apiGroups"] = new[] { "" }, ["resources"] = resources, ["verbs"] = verbs };
}
