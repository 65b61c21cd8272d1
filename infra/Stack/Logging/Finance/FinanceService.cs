using System.Collections.Immutable;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Logging;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Logging.Finance;

/// <summary>Input of <see cref="FinanceService"/>.</summary>
public sealed record FinanceServiceArgs
{
    public required FinanceSettings Settings { get; init; }

    /// <summary>Services of the cluster that write to it.</summary>
    public required ImmutableArray<FinanceProducer> Producers { get; init; }

    public required Foundation Foundation { get; init; }

    public required PlatformServices Platform { get; init; }

    /// <summary>Name of the bucket with the archive.</summary>
    public required Output<string> Archive { get; init; }

    /// <summary>ARN of the key that signs checkpoints.</summary>
    public required Output<string> SigningKeyArn { get; init; }

    /// <summary>Host name of the domain that makes records searchable.</summary>
    public required Output<string> SearchEndpoint { get; init; }

    /// <summary>What must be there before its pods start: their identity, the archive with its lock, templates and roles in OpenSearch.</summary>
    public required ImmutableArray<Resource> After { get; init; }
}

/// <summary>
/// The pods of the finance log (infra/Services/Ledger): replicas without state over the zones. All of them write to one archive, where a conditional write
/// decides which of two is next.
/// </summary>
/// <remarks>
/// Why no volume claim: a record is acknowledged when it is on the local disk *and* in S3, so a node that is lost with its disk takes along nothing that a producer
/// was told is stored. The spool outlives a crash of the process, which is what an emptyDir does. A claim would tie each replica to a zone, and would keep it
/// waiting there for as long as the zone is lost.
/// </remarks>
public sealed class FinanceService : ComponentResource
{
    public const string TypeToken = "ha-cluster:logging:FinanceService";

    /// <summary>The Deployment, and the Service that producers call: <c>finance-log.logging.svc</c>.</summary>
    public const string Name = "finance-log";

    public const string Label = "app.kubernetes.io/name";
    public const string PortName = "https";
    public const int SyslogPort = 6514;

    private const string CertificateSecret = "finance-log-tls";
    private const string ProducersSecret = "finance-log-producers";
    private const string ClusterProducers = "finance-log-cluster-producers";
    private const string ProducersFile = "producers.json";
    private const string Tls = "/etc/ledger/tls";
    private const string Data = "/var/lib/ledger";

    private const int ReadableByGroup = 0b100_100_000;

    // Until the endpoints have removed the pod; then the service answers what has begun (25 s) and signs its last checkpoints.
    private const int PauseSeconds = 10;
    private const int GraceSeconds = 75;

    // The limits are what 50,000 records a second took, with the records among which repeated ones are recognised of a few busy streams; an eighth of that processor
    // time is kept free for it. The disk is for logs and the spool: at most 64 MiB for each stream that no checkpoint covers for long, and a quarter of that before
    // one is due.
    private static readonly ContainerSize Size = new("250m", "2", "1Gi", "1Gi");
    private const string SpoolLimit = "768Mi";

    private readonly FinanceServiceArgs _args;
    private readonly OwnService _service;

    public FinanceService(string name, FinanceServiceArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        var settings = args.Settings;
        _service = new OwnService
        {
            Name = Name,
            Namespace = ClusterNamespaces.Logging,
            Label = (Label, settings.ServiceAccount),
            Foundation = args.Foundation,
            Parent = this,
        };
        var certificate = new InternalCertificate(
            CertificateSecret,
            new InternalCertificateArgs
            {
                Foundation = args.Foundation,
                Platform = args.Platform,
                Namespace = ClusterNamespaces.Logging,
                SecretName = CertificateSecret,
                DnsNames = Hosts,
            },
            new ComponentResourceOptions { Parent = this });
        var deployment = _service.Deployment(settings.Replicas, Pod(), [certificate, .. Producers(), .. args.After]);
        _service.Service(name, PortsOf(settings), deployment);
        _service.DisruptionBudget(name);
        _ = new Kubernetes.ApiExtensions.CustomResource(
            $"{name}-pods",
            new PodMonitorArgs
            {
                Metadata = _service.Metadata,
                Spec = PodMonitorArgs.SpecOf([(Label, settings.ServiceAccount)], [(PortName, "/metrics")], new ScrapeTls(Hosts[2], CertificateSecret)),
            },
            _service.Child([.. args.Platform.MonitorsReady]));
        RegisterOutputs();
    }

    /// <summary>Where it listens: names of at most 15 letters.</summary>
    public static IEnumerable<(string Name, int Number)> PortsOf(FinanceSettings settings) =>
        settings.HasSyslog ? [(PortName, settings.Port), ("syslog-tls", SyslogPort)] : [(PortName, settings.Port)];

    private static ImmutableArray<string> Hosts { get; } =
        [Name, $"{Name}.{ClusterNamespaces.Logging}", $"{Name}.{ClusterNamespaces.Logging}.svc", $"{Name}.{ClusterNamespaces.Logging}.svc.cluster.local"];

    /// <summary>Where the service listens for those that <see cref="FinanceFirewall"/> lets in.</summary>
    public static string AddressOf(FinanceSettings settings) => $"https://{Hosts[2]}:{settings.Port}";

    // Two files, which the service reads as one list: what the stack declares needs no secret, and what users keep in one the program does not see.
    private IEnumerable<(string Folder, VolumeArgs Volume)> ProducerVolumes()
    {
        if (_args.Settings.ProducersSecret is not null)
            yield return ("/etc/ledger/producers", new VolumeArgs { Name = "producers", Secret = new SecretVolumeSourceArgs { SecretName = ProducersSecret, DefaultMode = ReadableByGroup } });
        if (!_args.Producers.IsEmpty)
            yield return ("/etc/ledger/cluster-producers", new VolumeArgs { Name = "cluster-producers", ConfigMap = new ConfigMapVolumeSourceArgs { Name = ClusterProducers } });
    }

    private IEnumerable<Resource> Producers()
    {
        if (_args.Settings.ProducersSecret is { } source)
        {
            yield return new DeliveredSecret(
                ProducersSecret,
                new DeliveredSecretArgs
                {
                    Foundation = _args.Foundation,
                    Platform = _args.Platform,
                    Namespace = ClusterNamespaces.Logging,
                    SecretName = ProducersSecret,
                    Source = source,
                    Data = null,
                },
                new ComponentResourceOptions { Parent = this });
        }

        if (!_args.Producers.IsEmpty)
        {
            yield return new Kubernetes.Core.V1.ConfigMap(
                ClusterProducers,
                new ConfigMapArgs { Metadata = new ObjectMetaArgs { Name = ClusterProducers, Namespace = ClusterNamespaces.Logging }, Data = { [ProducersFile] = FinanceProducers.Json(_args.Producers) } },
                _service.Child());
        }
    }

    private PodSpecArgs Pod()
    {
        var pod = _service.Pod(_args.Settings.ServiceAccount, PriorityClasses.High, GraceSeconds);
        pod.Containers.Add(Container());
        pod.Volumes = (VolumeArgs[])
        [
            new VolumeArgs { Name = "spool", EmptyDir = new EmptyDirVolumeSourceArgs { SizeLimit = SpoolLimit } },
            new VolumeArgs { Name = "tls", Secret = new SecretVolumeSourceArgs { SecretName = CertificateSecret, DefaultMode = ReadableByGroup } },
            .. ProducerVolumes().Select(each => each.Volume),
        ];
        return pod;
    }

    private ContainerArgs Container() => new()
    {
        Name = "ledger",
        Image = OwnImage.Of(_args.Settings.Image, _args.Foundation.Scope, "ledger", Pins.LedgerVersion),
        Args = Arguments(),
        Env =
        {
            new EnvVarArgs { Name = "AWS_REGION", Value = _args.Foundation.Scope.Account.Region },
            // Credentials come from pod identity; the SDK need not look for those of the node, which it may not use.
            new EnvVarArgs { Name = "AWS_EC2_METADATA_DISABLED", Value = "true" },
            // It would open a socket in /tmp, which cannot be written.
            new EnvVarArgs { Name = "DOTNET_EnableDiagnostics", Value = "0" },
        },
        Ports = PortsOf(_args.Settings).Select(port => new ContainerPortArgs { Name = port.Name, ContainerPortValue = port.Number }).ToArray(),

        // Half an hour: at its start it reads the end of each stream, and waits for S3 if need be.
        StartupProbe = new ProbeArgs { HttpGet = Get("/live"), PeriodSeconds = 5, FailureThreshold = 360 },
        // A replica that S3 does not answer is left out, so that producers reach one that it does.
        ReadinessProbe = new ProbeArgs { HttpGet = Get("/ready"), PeriodSeconds = 5, TimeoutSeconds = 5, FailureThreshold = 2 },
        // Only whether it answers at all: a restart does not bring S3 back.
        LivenessProbe = new ProbeArgs { HttpGet = Get("/live"), PeriodSeconds = 15, TimeoutSeconds = 5, FailureThreshold = 4 },
        Lifecycle = new LifecycleArgs { PreStop = new LifecycleHandlerArgs { Sleep = new SleepActionArgs { Seconds = PauseSeconds } } },
        Resources = Size.Typed(),
        SecurityContext = Hardening.Container(),
        VolumeMounts =
        {
            new VolumeMountArgs { Name = "spool", MountPath = Data },
            new VolumeMountArgs { Name = "tls", MountPath = Tls, ReadOnly = true },
            ProducerVolumes().Select(each => new VolumeMountArgs { Name = each.Volume.Name, MountPath = each.Folder, ReadOnly = true }).ToArray(),
        },
    };

    // The authority is the cluster's own: which of its certificates may write, and where, the files of producers say.
    private Input<string>[] Arguments() =>
    [
        $"--listen=0.0.0.0:{_args.Settings.Port}",
        $"--data={Data}",
        Output.Format($"--archive=s3://{_args.Archive}"),
        Output.Format($"--key=kms:{_args.SigningKeyArn}"),
        .. ProducerVolumes().Select(each => (Input<string>)$"--producers={each.Folder}/{ProducersFile}"),
        $"--certificate={Tls}/tls.crt",
        $"--certificate-key={Tls}/tls.key",
        $"--client-ca={Tls}/ca.crt",
        $"--retention-years={_args.Settings.RetentionYears}",
        "--lock=bucket",
        Output.Format($"--index=https://{_args.SearchEndpoint}"),
        .. _args.Settings.HasSyslog ? (Input<string>[])[$"--syslog=0.0.0.0:{SyslogPort}"] : [],
    ];

    private static HTTPGetActionArgs Get(string path) => new() { Path = path, Port = PortName, Scheme = "HTTPS" };
}
