using System.Management.Automation;
using HaCluster.Operations.Payments;

namespace HaCluster.Cmdlets.Payments;

/// <summary>A cmdlet that changes the forwarding of a wallet.</summary>
public abstract class ForwardingCmdlet : PaymentsCmdlet
{
    /// <summary>Name or id of the wallet.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    [ArgumentCompleter(typeof(WalletCompleter))]
    [ValidateNotNullOrEmpty]
    public string Wallet { get; set; } = null!;

    /// <summary>Write the wallet as it is afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected async Task ChangeAsync(string action, string done, Func<PaymentsClient, string, CancellationToken, Task<WalletStatus>> change)
    {
        var wallet = await AskAsync((client, token) => FindAsync(client, Wallet, token));
        if (!ShouldProcess($"forwarding of wallet {wallet.Name} ({wallet.Id}), which is {wallet.Forwarding}", action))
            return;
        var changed = await AskAsync((client, token) => change(client, wallet.Id, token));
        WriteMessage($"{done}: forwarding of {changed.Name} is {changed.Forwarding}.");
        if (PassThru)
            WriteOf(changed);
    }
}
