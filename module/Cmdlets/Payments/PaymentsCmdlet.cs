using System.Management.Automation;
using System.Net;
using System.Security;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Payments;

namespace HaCluster.Cmdlets.Payments;

/// <summary>A cmdlet that asks the payments service.</summary>
public abstract class PaymentsCmdlet : ConnectedCmdlet
{
    private const string KeyVariable = "HA_PAYMENTS_KEY";

    /// <summary>Key of the API of the payments service. Default: what is in the environment variable HA_PAYMENTS_KEY; without it, the key of the administrator that the cluster keeps in the secret payments-operator, which approves nothing.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? Key { get; set; }

    private protected Task<T> AskAsync<T>(Func<PaymentsClient, CancellationToken, Task<T>> ask)
    {
        var session = Session();
        var key = KeyOf(Key);
        return Beside(async token =>
        {
            using var client = await PaymentsClient.OpenAsync(session.Kubernetes, key, token);
            return await ask(client, token);
        });
    }

    /// <param name="given">On the command line.</param>
    /// <returns>Null: the cluster's own.</returns>
    internal static string? KeyOf(SecureString? given) =>
        given is not null ? new NetworkCredential("", given).Password : Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } found ? found : null;

    /// <summary>The wallets with these names or ids.</summary>
    private protected static bool IsMeant(WalletStatus wallet, string pattern)
    {
        var wildcard = new WildcardPattern(pattern, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return wildcard.IsMatch(wallet.Name) || wildcard.IsMatch(wallet.Id);
    }

    /// <exception cref="HaClusterException">There is no such wallet.</exception>
    private protected static async Task<WalletStatus> FindAsync(PaymentsClient client, string wallet, CancellationToken cancellationToken)
    {
        var wallets = await client.ReadWalletsAsync(cancellationToken);
        return wallets.FirstOrDefault(one => one.Id == wallet || string.Equals(one.Name, wallet, StringComparison.OrdinalIgnoreCase)) ?? throw new HaClusterException(
            FailureKind.NotFound, "", $"wallet {wallet}", "does not exist", Advice.Available(wallets.Select(one => one.Name), "The service has no wallet"));
    }
}
