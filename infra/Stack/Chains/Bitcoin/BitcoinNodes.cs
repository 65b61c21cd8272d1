using System.Collections.Immutable;
using HaCluster.Stack.Chains.Ethereum;
using HaCluster.Stack.Chains.Fronts;
using HaCluster.Stack.Chains.Replicas;
using HaCluster.Stack.Platform;
using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Software;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;

namespace HaCluster.Stack.Chains.Bitcoin;

/// <summary>Bitcoin nodes: btcd, which requires TLS on any address but loopback, with a certificate for the names that its callers use.</summary>
public sealed class BitcoinNodes : ComponentResource
{
    public const string TypeToken = "ha-cluster:chains:Bitcoin";

    /// <summary>Secret with the credentials, and the part of btcd's configuration that holds them.</summary>
    public const string CredentialsSecret = "bitcoin-rpc-credentials";

    /// <summary>Secret with the certificate of all nodes, and its authority.</summary>
    public const string CertificateSecret = "bitcoin-nodes-tls";

    /// <summary>User with all permissions: the front authenticates as this user and allows only some methods.</summary>
    public const string RpcUser = "bitcoin";

    public const string PasswordKey = "password";

    private const string SetName = "bitcoin";
    private const string Client = "btcd";
    private const string UserKey = "username";
    private const string ConfigurationKey = "btcd.conf";

    // A clean stop writes the cache of unspent outputs; a killed node replays all blocks since the last write.
    private const int GraceSeconds = 600;

    // btcd's defaults are 10 clients and 20 concurrent requests. The fronts alone keep more connections than that, plus one front while they are
    // updated; the rest is for the sentinel and for operators.
    private const int OtherClients = 20;
    private const int RpcRequests = 64;

    private const string CredentialsPath = "/etc/btcd/credentials";
    private const string CertificatePath = "/etc/btcd/tls";

    public BitcoinNodes(string name, ChainArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        var settings = args.Settings.Bitcoin;
        var nodes = Describe(settings);
        var child = new ComponentResourceOptions { Parent = this };
        var credentials = new GeneratedSecret(CredentialsSecret, Credentials(args), child);
        var certificate = new InternalCertificate(CertificateSecret, Certificate(args, nodes), child);
        var service = NodeService.Names(nodes, args.Child(this));
        _ = NodeService.Budget(nodes, args.Child(this));
        var volumes = new NodeVolumes(
            SetName,
            new NodeVolumesArgs { Chain = args, Nodes = nodes, Set = nodes.Sets[0], Storage = settings.Storage },
            child);
        _ = NodeStatefulSet.Declare(
            new NodeStatefulSetArgs
            {
                Foundation = args.Foundation,
                Nodes = nodes,
                Set = nodes.Sets[0],
                Storage = settings.Storage,
                GraceSeconds = GraceSeconds,
                UpdateStrategy = "RollingUpdate",
                InitContainers = [Watcher(args, nodes, settings)],
                Containers = [Btcd(nodes, args.Settings)],
                Volumes =
                [
                    NodeStatefulSet.Secret("credentials", CredentialsSecret, UserKey, PasswordKey, ConfigurationKey),
                    NodeStatefulSet.Secret("certificate", CertificateSecret, "tls.crt", "tls.key", "ca.crt"),
                ],
                After = [.. args.Foundation.Ready, .. args.After, credentials, certificate, service, volumes],
            },
            this);
        _ = NodeMonitor.Declare(nodes, nodes.Sets[0], [], args, this);
        RegisterOutputs();
    }

    public static ChainNodes Describe(BitcoinSettings settings) => new(
        RpcFront.Bitcoin,
        settings.Network.Name,
        settings.Network.PeerPort,
        settings.Network.RpcPort,
        [new NodeSet(SetName, Client, settings.Replicas, MetricsPort: null)]);

    private static GeneratedSecretArgs Credentials(ChainArgs args) => new()
    {
        Foundation = args.Foundation,
        Platform = args.Platform,
        Namespace = ClusterNamespaces.Chains,
        SecretName = CredentialsSecret,
        Data = ImmutableSortedDictionary<string, string>.Empty
            .Add(UserKey, RpcUser)
            .Add(PasswordKey, "{{ .password }}")
            .Add(ConfigurationKey, $"[Application Options]\nrpcuser={RpcUser}\nrpcpass={{{{ .password }}}}\n"),
    };

    // btcd's own certificate would contain only the pod name. The front calls each node by its DNS name, and the sentinel calls localhost.
    private static InternalCertificateArgs Certificate(ChainArgs args, ChainNodes nodes) => new()
    {
        Foundation = args.Foundation,
        Platform = args.Platform,
        Namespace = ClusterNamespaces.Chains,
        SecretName = CertificateSecret,
        DnsNames = ["localhost", .. ChainNodes.NamesOf(nodes.Service), .. nodes.Pods.Select(nodes.HostOf)],
    };

    // The program itself is the first process, so that it gets the signal to stop. Secrets are in the file; the flag that selects the network is
    // not, because btcd reads it from the arguments before it reads any file (config.go).
    private static ContainerArgs Btcd(ChainNodes nodes, ChainsSettings settings) => new()
    {
        Name = Client,
        Image = settings.Images.Btcd,
        Command = { Client },
        Args = Arguments(nodes, settings.Bitcoin, settings.Front),
        Env =
        {
            // The Go runtime collects garbage before the kernel kills the process; without a home in /etc/passwd, btcd needs HOME.
            new EnvVarArgs { Name = "GOMEMLIMIT", Value = GoMemory.LimitOf(settings.Bitcoin.Size.Memory) },
            new EnvVarArgs { Name = "HOME", Value = NodeStatefulSet.DataPath },
        },
        Ports =
        {
            new ContainerPortArgs { Name = "p2p", ContainerPortValue = nodes.PeerPort },
            new ContainerPortArgs { Name = "rpc", ContainerPortValue = nodes.RpcPort },
        },
        StartupProbe = Sentinel.Startup(),
        LivenessProbe = Sentinel.Liveness(),
        ReadinessProbe = Sentinel.Readiness(),
        Resources = settings.Bitcoin.Size.Container().Typed(),
        SecurityContext = Hardening.Container(),
        VolumeMounts =
        {
            NodeStatefulSet.Data(),
            new VolumeMountArgs { Name = "credentials", MountPath = CredentialsPath, ReadOnly = true },
            new VolumeMountArgs { Name = "certificate", MountPath = CertificatePath, ReadOnly = true },
        },
    };

    private static string[] Arguments(ChainNodes nodes, BitcoinSettings settings, FrontSettings front)
    {
        var arguments = new List<string>
        {
            $"--configfile={CredentialsPath}/{ConfigurationKey}",
            $"--datadir={NodeStatefulSet.DataPath}/blocks",
            $"--logdir={NodeStatefulSet.DataPath}/logs",
            $"--listen=0.0.0.0:{nodes.PeerPort}",
            $"--rpclisten=0.0.0.0:{nodes.RpcPort}",
            $"--rpccert={CertificatePath}/tls.crt",
            $"--rpckey={CertificatePath}/tls.key",
            $"--rpcmaxclients={(FrontConfiguration.ConnectionsPerNode * (front.Replicas + 1)) + OtherClients}",
            $"--rpcmaxconcurrentreqs={RpcRequests}",
        };
        if (settings.Network.Flag is { } flag)
            arguments.Add(flag);
        if (settings.TxIndex)
            arguments.Add("--txindex");
        if (!settings.Network.HasSeeds)
            arguments.AddRange(nodes.Pods.Select(pod => $"--addpeer={nodes.HostOf(pod)}:{nodes.PeerPort}"));
        return [.. arguments];
    }

    private static ContainerArgs Watcher(ChainArgs args, ChainNodes nodes, BitcoinSettings settings) => Sentinel.Container(
        OwnImage.Of(args.Settings.Images.Sentinel, args.Foundation.Scope, "sentinel", Pins.SentinelVersion),
        nodes,
        Client,
        [
            $"--rpc=https://localhost:{nodes.RpcPort}",
            $"--rpc-user-file={CredentialsPath}/{UserKey}",
            $"--rpc-password-file={CredentialsPath}/{PasswordKey}",
            $"--rpc-ca-file={CertificatePath}/ca.crt",
            $"--rpc-certificate-file={CertificatePath}/tls.crt",
            // Two hours without a block can happen by chance; then all nodes are equally old and none is taken out. Where blocks are
            // made on demand, the age has no meaning.
            $"--tip-age={(settings.Network.HasSeeds ? 7200 : 0)}",
            "--lag=2",
            "--stall=3600",
        ],
        new VolumeMountArgs { Name = "credentials", MountPath = CredentialsPath, ReadOnly = true },
        new VolumeMountArgs { Name = "certificate", MountPath = CertificatePath, ReadOnly = true });
}
