using System.Collections.Immutable;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Logging;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using Pulumi;

namespace HaCluster.Stack.Logging.Agent;

/// <summary>Input of <see cref="LogAgent"/>.</summary>
public sealed record LogAgentArgs
{
    public required LogAgentSettings Settings { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    /// <summary>Name of the domain's host.</summary>
    public required Output<string> Endpoint { get; init; }

    /// <summary>What must be there before it writes: its identity, and OpenSearch's templates and roles.</summary>
    public required ImmutableArray<Resource> After { get; init; }
}

/// <summary>Fluent Bit on every node: reads the logs of containers and sends them to OpenSearch.</summary>
public sealed class LogAgent : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:Agent";

    /// <summary>Name of the release and of its service account, and value of its <c>app.kubernetes.io/name</c> label.</summary>
    public const string Name = "fluent-bit";

    private const string Logs = "/var/log";
    private const string StateVolume = "state";
    private const string LogVolume = "varlog";

    /// <summary>What its pods need of their node.</summary>
    public static readonly NodeAgent OnNode = new(ClusterNamespaces.Logging, Name) { Reads = [Logs], Writes = [FluentBitConfig.State] };

    // 64 chunks of 2 MiB in memory, as much again while they are compressed and signed, and the metadata of the node's pods.
    private static readonly ContainerSize Size = new("100m", "500m", "384Mi", "128Mi");

    public LogAgent(string name, LogAgentArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _ = ChartRelease.Declare(
            name,
            new ChartReleaseArgs
            {
                Chart = Pins.FluentBit,
                Name = Name,
                Namespace = ClusterNamespaces.Logging,
                Values = Values(args),
                Provider = args.Foundation.Provider,
                After = [.. args.After, .. args.Platform.MonitorsReady],
            },
            this);
        RegisterOutputs();
    }

    /// <summary>The role of its pods.</summary>
    /// <param name="domain">ARN of the domain.</param>
    public static PodIdentity Identity(Foundation foundation, Output<string> domain, Resource parent) => new(
        "log-agent",
        new PodRoleArgs
        {
            Scope = foundation.Scope,
            Purpose = "Brings the logs of containers to OpenSearch",
            Namespace = ClusterNamespaces.Logging,
            ServiceAccount = Name,
            Policy = domain.Apply(arn => PolicyDocument.Json(new PolicyStatement
            {
                Sid = "BulkIndex",
                Actions = ["es:ESHttpPost"],
                Resources = [$"{arn}/*"],
            })),
        },
        foundation.Cluster,
        new ComponentResourceOptions { Parent = parent });

    // https://github.com/fluent/helm-charts/blob/fluent-bit-0.58.1/charts/fluent-bit/values.yaml
    private static Dictionary<string, object> Values(LogAgentArgs args) => new()
    {
        ["fullnameOverride"] = Name,
        ["kind"] = "DaemonSet",
        ["image"] = new Dictionary<string, object> { ["tag"] = Pins.FluentBitTag },

        // Its image is busybox:latest.
        ["testFramework"] = new Dictionary<string, object> { ["enabled"] = false },
        ["serviceAccount"] = new Dictionary<string, object> { ["create"] = true, ["name"] = Name },
        ["priorityClassName"] = PriorityClasses.High,
        ["resources"] = Size.Values(),

        // Files of containers belong to root. Root without capabilities can read those, but nothing else.
        ["securityContext"] = new Dictionary<string, object>
        {
            ["runAsUser"] = 0,
            ["allowPrivilegeEscalation"] = false,
            ["readOnlyRootFilesystem"] = true,
            ["capabilities"] = new Dictionary<string, object> { ["drop"] = new[] { "ALL" } },
        },
        ["podSecurityContext"] = new Dictionary<string, object>
        {
            ["seccompProfile"] = new Dictionary<string, object> { ["type"] = "RuntimeDefault" },
        },

        // Runs on every node: tolerates all taints.
        ["tolerations"] = new[] { new Dictionary<string, object> { ["operator"] = "Exists" } },
        ["updateStrategy"] = new Dictionary<string, object>
        {
            ["type"] = "RollingUpdate",
            ["rollingUpdate"] = new Dictionary<string, object> { ["maxUnavailable"] = 1 },
        },
        ["terminationGracePeriodSeconds"] = 40,
        ["serviceMonitor"] = new Dictionary<string, object> { ["enabled"] = true, ["interval"] = "30s", ["scrapeTimeout"] = "10s" },
        ["daemonSetVolumes"] = new[] { HostPath(LogVolume, Logs, "Directory"), HostPath(StateVolume, FluentBitConfig.State, "DirectoryOrCreate") },
        ["daemonSetVolumeMounts"] = new[]
        {
            new Dictionary<string, object> { ["name"] = LogVolume, ["mountPath"] = Logs, ["readOnly"] = true },
            new Dictionary<string, object> { ["name"] = StateVolume, ["mountPath"] = FluentBitConfig.State },
        },
        ["config"] = new Dictionary<string, object>
        {
            ["service"] = FluentBitConfig.Service().ToString(),
            ["inputs"] = FluentBitConfig.Input(args.Settings).ToString(),
            ["filters"] = FluentBitConfig.Filter().ToString(),
            ["outputs"] = args.Endpoint.Apply(endpoint => FluentBitConfig.Output(args.Settings, endpoint, args.Foundation.Scope.Account.Region).ToString()),

            // Nothing to parse: the runtime's format is built in.
            ["customParsers"] = "",
        },
    };

    private static Dictionary<string, object> HostPath(string name, string path, string type) => new()
    {
        ["name"] = name,
        ["hostPath"] = new Dictionary<string, object> { ["path"] = path, ["type"] = type },
    };
}
