using System.Management.Automation;

namespace HaCluster.Cmdlets.Payments;

/// <summary>Shows the wallets of the payments service with their balances, in base units (satoshi, wei), and whether their funds are forwarded.</summary>
/// <remarks>
/// <para>It asks the service through a port-forward to one of its pods: you need permission to create pods/portforward in the namespace payments, and to read its secrets. The key needs the scope view.</para>
/// </remarks>
/// <example>
/// <para>All wallets.</para>
/// <code>Get-HaWallet</code>
/// </example>
/// <example>
/// <para>The wallets whose forwarding has stopped, and why.</para>
/// <code>Get-HaWallet | Where-Object Forwarding -eq Suspended | Select-Object Name, SuspendedReason</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaWallet")]
[OutputType(typeof(WalletStatus))]
public sealed class GetHaWalletCommand : PaymentsCmdlet
{
    /// <summary>Names or ids of wallets; patterns are allowed.</summary>
    [Parameter(Position = 0)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(WalletCompleter))]
    [SupportsWildcards]
    public string[]? Wallet { get; set; }

    protected override async Task ProcessAsync()
    {
        var wallets = await AskAsync((client, token) => client.ReadWalletsAsync(token));
        WriteMissing(wallets, Wallet?.Where(name => wallets.All(wallet => wallet.Id != name)).ToArray(), wallet => wallet.Name, "wallet");
        WriteOf(wallets.Where(wallet => Wallet is null or { Length: 0 } || Wallet.Any(pattern => IsMeant(wallet, pattern))), []);
    }
}
