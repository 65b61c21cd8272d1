using HaCluster.Stack.Chains.Bitcoin;
using HaCluster.Stack.Chains.Replicas;
using HaCluster.Stack.Chains.Upkeep;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Apps.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Pulumi.Kubernetes.Types.Inputs.Policy.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Chains.Fronts;

/// <summary>Input of <see cref="RpcFront"/>.</summary>
public sealed record RpcFrontArgs
{
    public required ChainArgs Chain { get; init; }

    public required ChainNodes Nodes { get; init; }

    /// <summary>The nodes themselves, with their secrets.</summary>
    public required Resource Behind { get; init; }
}

/// <summary>
/// The entry point to the nodes of a chain: HAProxy, which asks each node's sentinel every two seconds, stops using a node that lags and closes the
/// connections to it, which readiness alone does not do (Kubernetes does not close open connections).
/// </summary>
/// <remarks>
/// Why HAProxy: it serves btcd and Ethereum, while proxyd, eRPC and dshackle support Ethereum only; health comes from an agent next to the node;
/// and the tests run the same program with the same configuration. It is not aware of consensus: it does not rewrite "latest" to
/// a block that all nodes have, so a client that moves between nodes may see the head go back by a block or two; a client address stays with one
/// node while that node is ready. It does not send a transaction to every node: peers do. Subscriptions (WebSocket) are not offered, because
/// the methods inside them cannot be filtered.
/// </remarks>
public sealed class RpcFront : ComponentResource
{
    public const string TypeToken = "ha-cluster:chains:RpcFront";

    public const string Bitcoin = "bitcoin";
    public const string Ethereum = "ethereum";

    public const int Port = 8443;
    public const int MetricsPort = 8405;

    private const string ConfigurationFile = "haproxy.cfg";
    private const string ConfigurationPath = "/usr/local/etc/haproxy";
    private const string FrontRole = "front";

    // Longer than hard-stop-after, which HAProxy grants to open connections, plus the pause until endpoints have removed the pod.
    private const int PauseSeconds = 10;
    private const int GraceSeconds = 70;

    /// <summary>What the reloader runs; it reads <c>STATE</c>, <c>STATE_PORT</c>, <c>WATCHED</c> and <c>PAUSE_SECONDS</c>.</summary>
    /// <remarks>
    /// HAProxy reads certificates when it starts. A reload loads a renewed one and breaks no connection. The new process does not
    /// inherit addresses, and DNS may not answer at that moment: so HAProxy's addresses are saved all the time, unless there are fewer than before.
    /// </remarks>
    public const string Reloader =
        """
        digest() { cat "$WATCHED"/*/* | md5sum; }
        known() { awk '$1 ~ /^[0-9]+$/ && $5 ~ /[0-9]/ { known++ } END { print known + 0 }' "$1"; }
        save() {
          echo 'show servers state' | timeout 5 nc 127.0.0.1 "$STATE_PORT" > "$STATE.new" || return 0
          [ "$(known "$STATE.new")" -ge "$(known "$STATE")" ] && [ "$(known "$STATE.new")" -gt 0 ] && mv "$STATE.new" "$STATE"
        }
        [ -e "$STATE" ] || echo 1 > "$STATE"
        last=$(digest)
        while sleep "$PAUSE_SECONDS"; do
          save
          now=$(digest)
          if [ "$now" != "$last" ]; then pkill -USR2 -o -x haproxy && last=$now; fi
        done
        """;

    private const int ReloadSeconds = 30;

    private readonly RpcFrontArgs _args;
    private readonly string _name;
    private readonly bool _isBitcoin;

    public RpcFront(string name, RpcFrontArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        _name = DeploymentName(args.Nodes.Chain);
        _isBitcoin = args.Nodes.Chain == Bitcoin;
        var service = ServiceName(args.Nodes.Chain);
        var text = FrontConfiguration.Text(args.Nodes, args.Chain.Settings.Front.RequestsPerMinute);

        var configuration = new Kubernetes.Core.V1.ConfigMap(
            _name,
            new ConfigMapArgs { Metadata = Metadata(_name), Data = { [ConfigurationFile] = text } },
            args.Chain.Child(this));
        var certificate = new InternalCertificate(
            CertificateName,
            new InternalCertificateArgs
            {
                Foundation = args.Chain.Foundation,
                Platform = args.Chain.Platform,
                Namespace = ClusterNamespaces.Chains,
                SecretName = CertificateName,
                DnsNames = [.. ChainNodes.NamesOf(service)],
            },
            new ComponentResourceOptions { Parent = this });
        var deployment = Deployment(Maintenance.Digest(text), args.Chain.Child(this, configuration, certificate, args.Behind));
        _ = new Kubernetes.Core.V1.Service(
            service,
            new ServiceArgs
            {
                Metadata = Metadata(service),
                Spec = new ServiceSpecArgs
                {
                    Selector = NodeService.Selector(Labels(args.Nodes.Chain)),
                    Ports = { new ServicePortArgs { Name = "rpc", Port = args.Nodes.RpcPort, TargetPort = Port } },
                },
            },
            args.Chain.Child(this, deployment));
        _ = new Kubernetes.Policy.V1.PodDisruptionBudget(
            _name,
            new PodDisruptionBudgetArgs
            {
                Metadata = Metadata(_name),
                Spec = new PodDisruptionBudgetSpecArgs
                {
                    MaxUnavailable = 1,
                    Selector = new LabelSelectorArgs { MatchLabels = NodeService.Selector(Labels(args.Nodes.Chain)) },
                },
            },
            args.Chain.Child(this));
        _ = new Kubernetes.ApiExtensions.CustomResource(
            $"{_name}-pods",
            new PodMonitorArgs { Metadata = Metadata(_name), Spec = PodMonitorArgs.SpecOf(Labels(args.Nodes.Chain), [("metrics", "/metrics")]) },
            args.Chain.Child(this, [.. args.Chain.Platform.MonitorsReady]));
        RegisterOutputs();
    }

    private string CertificateName => $"{_name}-tls";

    /// <summary>What clients call: <c>bitcoin-rpc.chains.svc</c>.</summary>
    public static string ServiceName(string chain) => $"{chain}-rpc";

    public static (string Key, string Value)[] Labels(string chain) => [(ChainNodes.ChainLabel, chain), (ChainNodes.RoleLabel, FrontRole)];

    /// <summary>The front as a service group, from HAProxy's own metrics; its latency is the average of the last 1,024 requests.</summary>
    public static ServiceGroup Service(string chain)
    {
        var from = $"namespace=\"{ClusterNamespaces.Chains}\",proxy=\"{ServiceName(chain)}\"";
        return new ServiceGroup
        {
            Name = ServiceName(chain),
            Namespace = ClusterNamespaces.Chains,
            Workload = DeploymentName(chain),
            Pods = $"{DeploymentName(chain)}-.*",
            Team = "chains",
            Objective = 0.999m,
            Requests = $"haproxy_frontend_http_requests_total{{{from}}}",
            Errors = $"haproxy_frontend_http_responses_total{{{from},code=\"5xx\"}}",
            LatencySeconds = $"max(haproxy_backend_total_time_average_seconds{{namespace=\"{ClusterNamespaces.Chains}\",proxy=\"{chain}-nodes\"}})",
        };
    }

    private static string DeploymentName(string chain) => $"{chain}-front";

    private static ObjectMetaArgs Metadata(string name) => new() { Name = name, Namespace = ClusterNamespaces.Chains };

    private Kubernetes.Apps.V1.Deployment Deployment(string digest, CustomResourceOptions options)
    {
        var labels = Labels(_args.Nodes.Chain);
        return new Kubernetes.Apps.V1.Deployment(
            _name,
            new DeploymentArgs
            {
                Metadata = Metadata(_name),
                Spec = new DeploymentSpecArgs
                {
                    Replicas = _args.Chain.Settings.Front.Replicas,
                    Selector = new LabelSelectorArgs { MatchLabels = NodeService.Selector(labels) },
                    Strategy = new DeploymentStrategyArgs
                    {
                        Type = "RollingUpdate",
                        RollingUpdate = new RollingUpdateDeploymentArgs { MaxSurge = 1, MaxUnavailable = 0 },
                    },
                    MinReadySeconds = 10,
                    Template = new PodTemplateSpecArgs
                    {
                        Metadata = new ObjectMetaArgs { Labels = NodeService.Selector(labels), Annotations = { ["ha-cluster/configuration"] = digest } },
                        Spec = Pod(labels),
                    },
                },
            },
            options);
    }

    private PodSpecArgs Pod((string Key, string Value)[] labels) => new()
    {
        EnableServiceLinks = false,
        AutomountServiceAccountToken = false,
        PriorityClassName = PriorityClasses.High,
        TerminationGracePeriodSeconds = GraceSeconds,
        TopologySpreadConstraints = ZoneSpread.Of(_args.Chain.Foundation.Zones, labels).Typed(),
        SecurityContext = Hardening.Pod(NodeStatefulSet.User, NodeStatefulSet.User),
        // The reloader sends a signal to a process of the other container.
        ShareProcessNamespace = true,
        InitContainers = { ReloaderContainer() },
        Containers = { Proxy() },
        Volumes = Volumes().ToArray(),
    };

    private ContainerArgs Proxy()
    {
        var container = new ContainerArgs
        {
            Name = "haproxy",
            Image = Pins.HaProxy,
            Command = { "haproxy", "-W", "-db", "-f", $"{ConfigurationPath}/{ConfigurationFile}" },
            Ports =
            {
                new ContainerPortArgs { Name = "rpc", ContainerPortValue = Port },
                new ContainerPortArgs { Name = "metrics", ContainerPortValue = MetricsPort },
            },
            // Readiness of the front itself: without a node it still answers, with 503. If it became unready too, clients would get no answer at all.
            ReadinessProbe = new ProbeArgs { HttpGet = Health(), PeriodSeconds = 5, FailureThreshold = 2 },
            LivenessProbe = new ProbeArgs { HttpGet = Health(), PeriodSeconds = 15, TimeoutSeconds = 5, FailureThreshold = 4 },
            Lifecycle = new LifecycleArgs { PreStop = new LifecycleHandlerArgs { Sleep = new SleepActionArgs { Seconds = PauseSeconds } } },
            Resources = ChainSizes.Front.Typed(),
            SecurityContext = Hardening.Container(),
            VolumeMounts = Mounts().ToArray(),
        };
        if (_isBitcoin)
        {
            container.Env.Add(new EnvVarArgs
            {
                Name = FrontConfiguration.PasswordVariable,
                ValueFrom = new EnvVarSourceArgs
                {
                    SecretKeyRef = new SecretKeySelectorArgs { Name = BitcoinNodes.CredentialsSecret, Key = BitcoinNodes.PasswordKey },
                },
            });
        }

        return container;
    }

    private ContainerArgs ReloaderContainer()
    {
        var mounts = new List<VolumeMountArgs>
        {
            new() { Name = "tls", MountPath = "/watched/tls", ReadOnly = true },
            new() { Name = "state", MountPath = FrontConfiguration.StatePath },
        };
        if (_isBitcoin)
            mounts.Add(new VolumeMountArgs { Name = "nodes", MountPath = "/watched/nodes", ReadOnly = true });
        return new ContainerArgs
        {
            Name = "reloader",
            Image = Pins.BusyBox,
            RestartPolicy = "Always",
            Command = { "sh", "-uc", Reloader },
            Env =
            {
                new EnvVarArgs { Name = "PAUSE_SECONDS", Value = $"{ReloadSeconds}" },
                new EnvVarArgs { Name = "STATE", Value = $"{FrontConfiguration.StatePath}/{FrontConfiguration.StateFile}" },
                new EnvVarArgs { Name = "STATE_PORT", Value = $"{FrontConfiguration.StatePort}" },
                new EnvVarArgs { Name = "WATCHED", Value = "/watched" },
            },
            Resources = ChainSizes.FrontReloader.Typed(),
            SecurityContext = Hardening.Container(),
            VolumeMounts = mounts,
        };
    }

    private IEnumerable<VolumeMountArgs> Mounts()
    {
        yield return new VolumeMountArgs { Name = "configuration", MountPath = ConfigurationPath, ReadOnly = true };
        yield return new VolumeMountArgs { Name = "tls", MountPath = FrontConfiguration.TlsPath, ReadOnly = true };
        yield return new VolumeMountArgs { Name = "state", MountPath = FrontConfiguration.StatePath, ReadOnly = true };
        if (_isBitcoin)
            yield return new VolumeMountArgs { Name = "nodes", MountPath = FrontConfiguration.NodeAuthorityPath, ReadOnly = true };
    }

    private IEnumerable<VolumeArgs> Volumes()
    {
        yield return new VolumeArgs { Name = "configuration", ConfigMap = new ConfigMapVolumeSourceArgs { Name = _name } };
        yield return NodeStatefulSet.Secret("tls", CertificateName, "tls.crt", "tls.key");
        yield return new VolumeArgs { Name = "state", EmptyDir = new EmptyDirVolumeSourceArgs { SizeLimit = "1Mi" } };
        if (_isBitcoin)
            yield return NodeStatefulSet.Secret("nodes", BitcoinNodes.CertificateSecret, "ca.crt");
    }

    private static HTTPGetActionArgs Health() => new() { Path = "/healthz", Port = MetricsPort };
}
