using System.Collections;
using System.Security;
using HaCluster.Cmdlets.Completion;
using HaCluster.Operations.Payments;

namespace HaCluster.Cmdlets.Payments;

/// <summary>Completes from the payments service, with the key that the line or the environment has.</summary>
public abstract class PaymentsCompleter : ClusterCompleter
{
    private protected static T AskPayments<T>(IDictionary bound, Func<PaymentsClient, CancellationToken, Task<T>> ask) => Ask(bound, async (session, token) =>
    {
        using var client = await PaymentsClient.OpenAsync(session.Kubernetes, PaymentsCmdlet.KeyOf(bound["Key"] as SecureString), token);
        return await ask(client, token);
    });
}

/// <summary>Wallets of the payments service.</summary>
public sealed class WalletCompleter : PaymentsCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) =>
        AskPayments(bound, (client, token) => client.ReadWalletsAsync(token)).Select(wallet => (wallet.Name, $"{wallet.Chain} {wallet.Id}, forwarding {wallet.Forwarding}"));
}

/// <summary>The newest transfers of the payments service; those that wait for approval where one is to be approved.</summary>
public class TransferCompleter : PaymentsCompleter
{
    private const int Most = 100;

    private protected virtual string? State => null;

    protected override IEnumerable<(string Name, string Tip)> Values(IDictionary bound) => AskPayments(bound, (client, token) => client.ReadTransfersAsync(null, State, Most, token))
        .Select(transfer => (transfer.Id, $"{transfer.State}: {transfer.Amount} of {transfer.Asset} from {transfer.Wallet} to {transfer.Destination}"));
}

/// <summary>Transfers that wait for approval.</summary>
public sealed class WaitingTransferCompleter : TransferCompleter
{
    private protected override string? State => "created";
}
