using System.Collections.Immutable;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Logging.Finance;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Settings.Payments;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Payments;

/// <summary>
/// The pods of the payments service (infra/Services/Payments): replicas without state over the zones, which all answer and each do a part of the work in the background, by leases in their database. They have no
/// identity in AWS.
/// </summary>
public sealed class PaymentsService : ComponentResource
{
    public const string TypeToken = "ha-cluster:payments:Service";

    /// <summary>Kubernetes secret with the key of the administrator, in the property <c>key</c>; made in the cluster.</summary>
    public const string OperatorSecret = "payments-operator";

    /// <summary>Kubernetes secret with the keys that seal secrets of webhooks, in the property <c>keys</c>; made in the cluster. Its backup is not that of the database.</summary>
    public const string SealSecret = "payments-seal";

    private const string Name = PaymentsNames.Service;
    private const string OperatorKey = "key";
    private const string SealKeys = "keys";
    private const string CertificateSecret = "payments-tls";
    private const string Tls = "/etc/payments/tls";
    private const string Database = "/etc/payments/database";
    private const string Operator = "/etc/payments/operator";
    private const string Seal = "/etc/payments/seal";

    // Until the endpoints have removed the pod; then the service answers what has begun (25 s) and gives its leases up.
    private const int PauseSeconds = 10;
    private const int GraceSeconds = 60;

    private static readonly ContainerSize Size = new("100m", "2", "512Mi", "512Mi");

    private readonly ClusterPaymentsArgs _args;
    private readonly OwnService _service;

    public PaymentsService(string name, ClusterPaymentsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        _service = new OwnService
        {
            Name = Name,
            Namespace = ClusterNamespaces.Payments,
            Label = (PaymentsNames.Label, Name),
            Foundation = args.Foundation,
            Parent = this,
        };
        var hosts = PaymentsNames.HostsOf(Name, ClusterNamespaces.Payments);
        var component = new ComponentResourceOptions { Parent = this };
        var account = new Kubernetes.Core.V1.ServiceAccount(name, new ServiceAccountArgs { Metadata = _service.Metadata, AutomountServiceAccountToken = false }, _service.Child());
        var certificate = new InternalCertificate(
            CertificateSecret,
            new InternalCertificateArgs
            {
                Foundation = args.Foundation,
                Platform = args.Platform,
                Namespace = ClusterNamespaces.Payments,
                SecretName = CertificateSecret,
                DnsNames = hosts,
                IsForClients = true,
            },
            component);
        var key = Generated(OperatorSecret, OperatorKey, "hap_{{ .password }}", component);
        var seal = Generated(SealSecret, SealKeys, "{{ .password }}", component);
        var deployment = _service.Deployment(args.Settings.Replicas, Pod(), account, certificate, key, seal, args.Databases);
        _service.Service(name, [(PaymentsNames.PortName, PaymentsNames.Port)], deployment);
        _service.DisruptionBudget(name);
        _ = new Kubernetes.ApiExtensions.CustomResource(
            $"{name}-pods",
            new PodMonitorArgs
            {
                Metadata = _service.Metadata,
                Spec = PodMonitorArgs.SpecOf([(PaymentsNames.Label, Name)], [(PaymentsNames.PortName, "/metrics")], new ScrapeTls(PaymentsNames.ServiceHost, CertificateSecret)),
            },
            _service.Child([.. args.Platform.MonitorsReady]));
        RegisterOutputs();
    }

    /// <summary>How the finance log knows the service.</summary>
    public static FinanceProducer ProducerOf(PaymentsSettings settings) => new("payments-service", PaymentsNames.ServiceHost, settings.FinanceLogStream);

    private GeneratedSecret Generated(string secret, string property, string template, ComponentResourceOptions options) => new(
        secret,
        new GeneratedSecretArgs
        {
            Foundation = _args.Foundation,
            Platform = _args.Platform,
            Namespace = ClusterNamespaces.Payments,
            SecretName = secret,
            Data = ImmutableSortedDictionary.CreateRange<string, string>(StringComparer.Ordinal, [new(property, template)]),
        },
        options);

    private PodSpecArgs Pod()
    {
        var pod = _service.Pod(Name, PriorityClasses.Critical, GraceSeconds);
        pod.InitContainers.Add(FirstKey());
        pod.Containers.Add(Container());
        pod.Volumes = new[]
        {
            Secret("tls", CertificateSecret),
            Secret("database", PaymentsNames.DatabaseSecret),
            Secret("operator", OperatorSecret),
            Secret("seal", SealSecret),
        };
        return pod;
    }

    // The service does not start where others reach it and there is no key; and a pod that does not start cannot be used to make one.
    private ContainerArgs FirstKey() => new()
    {
        Name = "first-key",
        Image = Image(),
        Args = { "key", "add", "operator", "view", "admin", $"--key-file={Operator}/{OperatorKey}", DatabaseArgument },
        Env = { Environment() },
        Resources = Size.Typed(),
        SecurityContext = Hardening.Container(),
        VolumeMounts =
        {
            new VolumeMountArgs { Name = "database", MountPath = Database, ReadOnly = true },
            new VolumeMountArgs { Name = "operator", MountPath = Operator, ReadOnly = true },
        },
    };

    private ContainerArgs Container() => new()
    {
        Name = "payments",
        Image = Image(),
        Args = Arguments(),
        Env = { Environment() },
        Ports = { new ContainerPortArgs { Name = PaymentsNames.PortName, ContainerPortValue = PaymentsNames.Port } },

        // At its start it brings the schema up to date, one replica after the other.
        StartupProbe = new ProbeArgs { HttpGet = Get("/live"), PeriodSeconds = 5, FailureThreshold = 60 },
        // A replica that the database does not answer is left out.
        ReadinessProbe = new ProbeArgs { HttpGet = Get("/ready"), PeriodSeconds = 5, TimeoutSeconds = 5, FailureThreshold = 2 },
        // Only whether it answers at all: a restart does not bring the database back.
        LivenessProbe = new ProbeArgs { HttpGet = Get("/live"), PeriodSeconds = 15, TimeoutSeconds = 5, FailureThreshold = 4 },
        Lifecycle = new LifecycleArgs { PreStop = new LifecycleHandlerArgs { Sleep = new SleepActionArgs { Seconds = PauseSeconds } } },
        Resources = Size.Typed(),
        SecurityContext = Hardening.Container(),
        VolumeMounts =
        {
            new VolumeMountArgs { Name = "tls", MountPath = Tls, ReadOnly = true },
            new VolumeMountArgs { Name = "database", MountPath = Database, ReadOnly = true },
            new VolumeMountArgs { Name = "seal", MountPath = Seal, ReadOnly = true },
        },
    };

    private Input<string>[] Arguments() =>
    [
        $"--listen=0.0.0.0:{PaymentsNames.Port}",
        DatabaseArgument,
        $"--seal-key={Seal}/{SealKeys}",
        $"--certificate={Tls}/tls.crt",
        $"--certificate-key={Tls}/tls.key",
        $"--signer=https://{PaymentsNames.SignerHost}:{PaymentsNames.Port}",
        $"--signer-ca={Tls}/ca.crt",
        .. PaymentsNames.Networks(_args.Chains),
        .. PaymentsNames.Nodes(_args.Chains),
        .. Deposits(_args.Settings.Deposits),
        .. FinanceLog(),
    ];

    private static IEnumerable<Input<string>> Deposits(DepositSettings settings) =>
    [
        .. settings.Tokens.Select(token => $"--token={token}"),
        .. settings.Confirmations.Select(rule => $"--confirmations={rule.Key}={rule.Value}"),
        .. settings.IgnoreBelow.Select(rule => $"--ignore-below={rule.Key}={rule.Value}"),
    ];

    // Without a token it shows its certificate, by which the finance log knows it.
    private IEnumerable<Input<string>> FinanceLog() =>
        _args.FinanceLog is { } address ? [$"--ledger={address}", $"--ledger-ca={Tls}/ca.crt", $"--ledger-stream={_args.Settings.FinanceLogStream}"] : [];

    private static string DatabaseArgument => $"--database={Database}/{PaymentsNames.ConnectionString}";

    private Input<string> Image() => OwnImage.Of(_args.Settings.Image, _args.Foundation.Scope, PaymentsNames.Image, Pins.PaymentsVersion);

    private static EnvVarArgs[] Environment() =>
    [
        // Of the chains' fronts; those of public authorities, of webhooks and databases, stay trusted, since they come from OpenSSL's folder and not from this file.
        new() { Name = "SSL_CERT_FILE", Value = $"{Tls}/ca.crt" },
        // It would open a socket in /tmp, which cannot be written.
        new() { Name = "DOTNET_EnableDiagnostics", Value = "0" },
    ];

    private static VolumeArgs Secret(string name, string secret) =>
        new() { Name = name, Secret = new SecretVolumeSourceArgs { SecretName = secret, DefaultMode = PaymentsNames.ReadableByGroup } };

    private static HTTPGetActionArgs Get(string path) => new() { Path = path, Port = PaymentsNames.PortName, Scheme = "HTTPS" };
}
