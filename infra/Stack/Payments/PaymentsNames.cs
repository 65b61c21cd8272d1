using System.Collections.Immutable;
using System.Globalization;
using HaCluster.Stack.Chains.Ethereum;
using HaCluster.Stack.Chains.Fronts;
using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Settings.Payments;

namespace HaCluster.Stack.Payments;

/// <summary>Names that the service and its signer know each other by, and the networks that both are on.</summary>
internal static class PaymentsNames
{
    /// <summary>The Deployment, its service account, its label, and the Service: <c>payments.payments.svc</c>.</summary>
    public const string Service = "payments";

    /// <summary>The same of the signer: <c>payments-signer.signing.svc</c>.</summary>
    public const string Signer = "payments-signer";

    public const string Image = "payments";
    public const string Label = "app.kubernetes.io/name";
    public const string PortName = "https";
    public const int Port = 8443;

    // See DatabasesSettings: a secret with the name of the engine, in each namespace that has a user.
    public const string DatabaseSecret = "postgresql";
    public const string ConnectionString = "connectionString";

    public const int ReadableByGroup = 0b100_100_000;

    /// <summary>Name of the service in its certificate, by which the signer knows it.</summary>
    public static string ServiceHost { get; } = $"{Service}.{ClusterNamespaces.Payments}.svc";

    public static string SignerHost { get; } = $"{Signer}.{ClusterNamespaces.Signing}.svc";

    public static ImmutableArray<string> HostsOf(string service, string space) => [service, $"{service}.{space}", $"{service}.{space}.svc", $"{service}.{space}.svc.cluster.local"];

    /// <summary>Arguments that the service and the signer have to agree on: addresses of one network are not valid on another.</summary>
    public static IEnumerable<string> Networks(ChainsSettings chains)
    {
        if (chains.HasBitcoin && PaymentsSettings.NameOf(chains.Bitcoin.Network) is { } bitcoin)
            yield return $"--network={bitcoin}";
        if (chains.HasEthereum)
            yield return string.Create(CultureInfo.InvariantCulture, $"--ethereum-chain={chains.Ethereum.Network.ChainId}");
    }

    public static IEnumerable<string> Nodes(ChainsSettings chains)
    {
        if (chains.HasBitcoin)
            yield return $"--bitcoin=https://{RpcFront.ServiceName(RpcFront.Bitcoin)}.{ClusterNamespaces.Chains}.svc:{chains.Bitcoin.Network.RpcPort}";
        if (chains.HasEthereum)
            yield return $"--ethereum=https://{RpcFront.ServiceName(RpcFront.Ethereum)}.{ClusterNamespaces.Chains}.svc:{ExecutionClient.RpcPort}";
    }
}
