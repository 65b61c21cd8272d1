using System.Collections.Immutable;
using HaCluster.Stack.Settings.Chains;
using HaCluster.Stack.Settings.Databases;
using HaCluster.Stack.Settings.Namespaces;

namespace HaCluster.Stack.Settings.Payments;

/// <summary>The payments service and its signer (<c>ha-cluster:payments</c>).</summary>
public sealed record PaymentsSettings
{
    private const string Key = "payments";

    public required bool IsEnabled { get; init; }

    /// <summary>Of the service, spread over the zones.</summary>
    public required int Replicas { get; init; }

    public required int SignerReplicas { get; init; }

    /// <summary>Secret in AWS Secrets Manager with the signer's keys and what each may pay; not null where it is enabled.</summary>
    public required string? KeysSecret { get; init; }

    /// <summary>Namespaces whose pods may call the service.</summary>
    public required ImmutableArray<string> Clients { get; init; }

    /// <summary>ARNs of the roles that may schedule the deletion of the signing key. Empty: nobody may.</summary>
    public required ImmutableArray<string> KeyAdmins { get; init; }

    public required DepositSettings Deposits { get; init; }

    /// <summary>Whether every event goes to the finance log.</summary>
    public required bool HasFinanceLog { get; init; }

    /// <summary>Stream of the finance log that gets them, and the only one that the service may write to.</summary>
    public required string FinanceLogStream { get; init; }

    /// <summary>Of the service and the signer; null for the one in the account's own registry.</summary>
    public required string? Image { get; init; }

    /// <summary>What the service calls a network of Bitcoin; null: it does not know it.</summary>
    public static string? NameOf(BitcoinNetwork network) => network.Name switch
    {
        "mainnet" => "main",
        "testnet" or "regtest" => network.Name,
        _ => null,
    };

    /// <param name="hasLogging">Whether the cluster can run a finance log.</param>
    public static PaymentsSettings Read(SettingsReader reader, bool hasLogging)
    {
        var financeLog = reader.Object("financeLog", "Delivery of every event of payments to the finance log (logging.finance), in order and at least once.");
        var signer = reader.Object("signer", "The signer: the process that alone can use the keys. It checks every transfer against its own copy of what may be paid.");
        var settings = new PaymentsSettings
        {
            IsEnabled = reader.Boolean("enabled", "Whether the cluster runs the payments service. It needs databases.postgresql with users for the namespaces payments and signing.", false),
            Replicas = reader.Int32(
                "replicas",
                "Replicas of the service, spread over the zones.",
                3, 2, 9, "with a single replica, every update and every lost node stops payments: choose a number from 2 to 9"),
            Clients = reader.TextList(
                "clients",
                "Namespaces whose pods may call the service. Those of namespace payments always may.",
                [], Shapes.KubernetesName, "shop"),
            Image = reader.Text("image", "Image of the service and the signer. Empty: the image in the account's own registry.", "", Shapes.PinnedImage) is { Length: > 0 } own ? own : null,
            Deposits = DepositSettings.Read(reader.Object("deposits", "Which deposits are watched, and when they count.")),
            HasFinanceLog = financeLog.Boolean(
                "enabled",
                "Whether the service is a producer of the finance log, which then runs also if logging.finance.producers is empty. Default: as logging.enabled.",
                hasLogging),
            FinanceLogStream = financeLog.Text(
                "stream",
                "Stream of the finance log that gets the events, and the only one that the service may write to. Choose another one after the database of payments was restored from an older state: the old stream has other records under the same numbers.",
                "payments", Shapes.LedgerStream),
            SignerReplicas = signer.Int32(
                "replicas",
                "Replicas of the signer, spread over the zones.",
                2, 1, 5, "one transaction after the other decides what is signed, so that more replicas do not make it faster: choose a number from 1 to 5"),
            KeysSecret = signer.Text(
                "keys",
                "Name of a secret in AWS Secrets Manager with the keys and what each may pay: a JSON object with the properties keys.json and passphrase, and one for each key file that keys.json names. Required if the service is enabled.",
                "", example: "my-cluster/payments-keys") is { Length: > 0 } name ? name : null,
            KeyAdmins = signer.TextList(
                "keyAdmins",
                "IAM roles that may schedule the deletion of the key that signs transfers. If empty, no role can, until the key policy is changed.",
                [], Shapes.RoleArn, "arn:aws:iam::123456789012:role/key-administrator"),
        };
        if (settings.KeysSecret is { } secret && Shapes.SecretName.Fault(secret) is { } fault)
            signer.Problems.Add(signer.PathOf("keys"), SettingsReader.Shown(secret), fault);
        if (settings is { IsEnabled: true, KeysSecret: null })
        {
            signer.Problems.Add(
                signer.PathOf("keys"),
                $"is empty, but {reader.PathOf("enabled")} is true: store keys.json in AWS Secrets Manager (infra/Stack/README.md says how) and write the name of that secret here");
        }

        financeLog.Close();
        signer.Close();
        reader.Close();
        return settings;
    }

    /// <summary>Reports what does not fit the rest of the settings.</summary>
    /// <param name="reader">Reader of the top level.</param>
    public void Check(SettingsReader reader, DatabasesSettings databases, ChainsSettings chains, bool hasLogging, ImmutableArray<NamespaceProfile> namespaces)
    {
        if (!IsEnabled)
            return;

        var enabled = $"{reader.PathOf(Key)}.enabled";
        var database = databases.IsEnabled ? databases.All.FirstOrDefault(one => one.Engine == DatabaseEngine.PostgreSql) : null;
        if (database is null)
            reader.Problems.Add(enabled, $"is true, but there is no PostgreSQL: enable {reader.PathOf("databases")}.postgresql, or set this to false");
        else if (new[] { ClusterNamespaces.Payments, ClusterNamespaces.Signing }.Except(database.Namespaces, StringComparer.Ordinal).ToArray() is { Length: > 0 } missing)
            reader.Problems.Add(enabled, $"is true, but {string.Join(" and ", missing)} would have no user of the database: add {string.Join(", ", missing)} to {reader.PathOf("databases")}.postgresql.namespaces");

        if (chains.HasBitcoin && NameOf(chains.Bitcoin.Network) is null)
        {
            reader.Problems.Add(
                enabled, $"is true, but {reader.PathOf("chains")}.bitcoin.network is {chains.Bitcoin.Network.Name}, which the service does not know: choose mainnet, testnet or regtest there, or set chains.bitcoin.enabled to false");
        }

        if (HasFinanceLog && !hasLogging)
        {
            reader.Problems.Add(
                $"{reader.PathOf(Key)}.financeLog.enabled", $"is true, but there is no finance log, since {reader.PathOf("logging")}.enabled is false: enable it, or set this to false");
        }

        Deposits.Check($"{reader.PathOf(Key)}.deposits", chains.HasEthereum, reader.Problems);
        foreach (var (client, index) in Clients.Select((client, index) => (client, index)))
        {
            if (FaultOf(client, namespaces) is { } fault)
                reader.Problems.Add($"{reader.PathOf(Key)}.clients[{index}]", SettingsReader.Shown(client), fault);
        }
    }

    /// <summary>What is allowed but worth a second thought.</summary>
    public IEnumerable<string> Notices(ChainsSettings chains)
    {
        if (!IsEnabled)
            yield break;

        if (chains is { HasBitcoin: false, HasEthereum: false })
            yield return "ha-cluster:payments.enabled is true and ha-cluster:chains has no nodes; transfers are accepted and wait";

        if (!HasFinanceLog)
            yield return "ha-cluster:payments.financeLog.enabled is false; events of payments are only in their database, where anyone who can write to it can change them unnoticed";

        if (SignerReplicas == 1)
            yield return "ha-cluster:payments.signer.replicas is 1; while its node is lost or drained nothing is signed";
    }

    private static string? FaultOf(string client, ImmutableArray<NamespaceProfile> namespaces) => namespaces.FirstOrDefault(profile => profile.Name == client) switch
    {
        null => "the cluster has no such namespace: declare it under ha-cluster:namespaces",
        { Name: ClusterNamespaces.Payments } => "pods of this namespace may call the service already: remove it",
        { IsClosed: true } => "this namespace is closed: it has ways for its own flows only; remove it",
        _ => null,
    };
}
