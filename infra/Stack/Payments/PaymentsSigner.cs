using HaCluster.Stack.Encryption;
using HaCluster.Stack.Guardrails;
using HaCluster.Stack.Identities;
using HaCluster.Stack.Naming;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Payments;

/// <summary>
/// The signer (<c>payments signer</c>) with an identity that nothing else has. It is in a namespace of its own: whoever may make pods in <c>payments</c> could make one with its service account there, and an
/// identity belongs to a namespace and a service account.
/// </summary>
/// <remarks>
/// Why its journal is in PostgreSQL and not on a volume: a volume ties it to a zone, and with its zone lost nothing could be signed; without the journal limits of a day and promised nonces would be forgotten
/// with each node. Two replicas share it, and one transaction after the other decides.
/// </remarks>
public sealed class PaymentsSigner : ComponentResource
{
    public const string TypeToken = "ha-cluster:payments:Signer";

    private const string Name = PaymentsNames.Signer;
    private const string CertificateSecret = "payments-signer-tls";
    private const string KeysSecret = "payments-signer-keys";
    private const string Ethereum = "payments-ethereum";
    private const string Tls = "/etc/signer/tls";
    private const string Keys = "/etc/signer/keys";
    private const string Database = "/etc/signer/database";
    private const string Data = "/var/lib/signer";

    // A signature takes a second with KMS at its slowest.
    private const int PauseSeconds = 10;
    private const int GraceSeconds = 45;

    private static readonly ContainerSize Size = new("25m", "1", "256Mi", "256Mi");

    private readonly ClusterPaymentsArgs _args;
    private readonly OwnService _service;

    public PaymentsSigner(string name, ClusterPaymentsArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        var foundation = args.Foundation;
        _service = new OwnService
        {
            Name = Name,
            Namespace = ClusterNamespaces.Signing,
            Label = (PaymentsNames.Label, Name),
            Foundation = foundation,
            Parent = this,
        };
        var component = new ComponentResourceOptions { Parent = this };
        KeyArn = new SigningKey(
            SigningKey.OfPayments,
            Ethereum,
            new SigningKeyArgs
            {
                Scope = foundation.Scope,
                Description = $"Signs transfers of the wallet of {foundation.Scope.ClusterName} on Ethereum",
                // The curve of Ethereum. A wallet of Bitcoin has no such key, since KMS derives no addresses from one.
                Spec = "ECC_SECG_P256K1",
                SignerArn = RoleArn(name, foundation.Scope),
                Admins = args.Settings.KeyAdmins,
            },
            component).Arn;
        var identity = new PodIdentity(
            name,
            new PodRoleArgs
            {
                Scope = foundation.Scope,
                Purpose = "Signs transfers",
                Namespace = ClusterNamespaces.Signing,
                ServiceAccount = Name,
                Policy = KeyArn.Apply(key => PolicyDocument.Json(new PolicyStatement { Sid = "SignTransfers", Actions = ["kms:Sign", "kms:GetPublicKey"], Resources = [key] })),
            },
            foundation.Cluster,
            component);
        var account = new Kubernetes.Core.V1.ServiceAccount(name, new ServiceAccountArgs { Metadata = _service.Metadata, AutomountServiceAccountToken = false }, _service.Child());
        var certificate = new InternalCertificate(
            CertificateSecret,
            new InternalCertificateArgs
            {
                Foundation = foundation,
                Platform = args.Platform,
                Namespace = ClusterNamespaces.Signing,
                SecretName = CertificateSecret,
                DnsNames = PaymentsNames.HostsOf(Name, ClusterNamespaces.Signing),
            },
            component);
        var keys = new DeliveredSecret(
            KeysSecret,
            new DeliveredSecretArgs
            {
                Foundation = foundation,
                Platform = args.Platform,
                Namespace = ClusterNamespaces.Signing,
                SecretName = KeysSecret,
                Source = args.Settings.KeysSecret!,
                Data = null,
            },
            component);
        var deployment = _service.Deployment(args.Settings.SignerReplicas, Pod(), identity, account, certificate, keys, args.Databases);
        _service.Service(name, [(PaymentsNames.PortName, PaymentsNames.Port)], deployment);
        _service.DisruptionBudget(name);
        RegisterOutputs(new Dictionary<string, object?> { ["roleArn"] = identity.RoleArn, ["keyArn"] = KeyArn });
    }

    public Output<string> KeyArn { get; }

    // The key names the role and the role names the key; the ARN of a role is known before either.
    private static Output<string> RoleArn(string name, StackScope scope) =>
        Output.Format($"arn:{scope.Account.Partition}:iam::{scope.Account.Id}:role/{scope.NameOf(name)}");

    private PodSpecArgs Pod()
    {
        var pod = _service.Pod(Name, PriorityClasses.Critical, GraceSeconds);
        pod.Containers.Add(Container());
        pod.Volumes = new[]
        {
            new VolumeArgs { Name = "data", EmptyDir = new EmptyDirVolumeSourceArgs { Medium = "Memory", SizeLimit = "1Mi" } },
            new VolumeArgs { Name = "tls", Secret = new SecretVolumeSourceArgs { SecretName = CertificateSecret, DefaultMode = PaymentsNames.ReadableByGroup } },
            new VolumeArgs { Name = "keys", Secret = new SecretVolumeSourceArgs { SecretName = KeysSecret, DefaultMode = PaymentsNames.ReadableByGroup } },
            new VolumeArgs { Name = "database", Secret = new SecretVolumeSourceArgs { SecretName = PaymentsNames.DatabaseSecret, DefaultMode = PaymentsNames.ReadableByGroup } },
        };
        return pod;
    }

    private ContainerArgs Container() => new()
    {
        Name = "signer",
        Image = OwnImage.Of(_args.Settings.Image, _args.Foundation.Scope, PaymentsNames.Image, Pins.PaymentsVersion),
        Args = Arguments(),
        Env =
        {
            new EnvVarArgs { Name = "AWS_REGION", Value = _args.Foundation.Scope.Account.Region },
            // Credentials come from pod identity; the SDK need not look for those of the node, which it may not use.
            new EnvVarArgs { Name = "AWS_EC2_METADATA_DISABLED", Value = "true" },
            // It would open a socket in /tmp, which cannot be written.
            new EnvVarArgs { Name = "DOTNET_EnableDiagnostics", Value = "0" },
        },
        Ports = { new ContainerPortArgs { Name = PaymentsNames.PortName, ContainerPortValue = PaymentsNames.Port } },

        // The kubelet has no certificate that the signer takes: that it accepts connections has to do. It listens when it has read every key.
        StartupProbe = new ProbeArgs { TcpSocket = Socket(), PeriodSeconds = 5, FailureThreshold = 60 },
        ReadinessProbe = new ProbeArgs { TcpSocket = Socket(), PeriodSeconds = 5, TimeoutSeconds = 5, FailureThreshold = 2 },
        LivenessProbe = new ProbeArgs { TcpSocket = Socket(), PeriodSeconds = 15, TimeoutSeconds = 5, FailureThreshold = 4 },
        Lifecycle = new LifecycleArgs { PreStop = new LifecycleHandlerArgs { Sleep = new SleepActionArgs { Seconds = PauseSeconds } } },
        Resources = Size.Typed(),
        SecurityContext = Hardening.Container(),
        VolumeMounts =
        {
            new VolumeMountArgs { Name = "data", MountPath = Data },
            new VolumeMountArgs { Name = "tls", MountPath = Tls, ReadOnly = true },
            new VolumeMountArgs { Name = "keys", MountPath = Keys, ReadOnly = true },
            new VolumeMountArgs { Name = "database", MountPath = Database, ReadOnly = true },
        },
    };

    private Input<string>[] Arguments() =>
    [
        "signer",
        $"--listen=0.0.0.0:{PaymentsNames.Port}",
        $"--certificate={Tls}/tls.crt",
        $"--certificate-key={Tls}/tls.key",
        $"--client-ca={Tls}/ca.crt",
        $"--client-name={PaymentsNames.ServiceHost}",
        $"--keys={Keys}/keys.json",
        $"--passphrase-file={Keys}/passphrase",
        $"--database={Database}/{PaymentsNames.ConnectionString}",
        $"--data={Data}",
        .. PaymentsNames.Networks(_args.Chains),
    ];

    private static TCPSocketActionArgs Socket() => new() { Port = PaymentsNames.PortName };
}
