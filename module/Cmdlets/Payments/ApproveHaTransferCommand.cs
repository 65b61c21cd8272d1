using System.Management.Automation;
using System.Numerics;

namespace HaCluster.Cmdlets.Payments;

/// <summary>Approves a transfer that is above the limit of its wallet's policy. When it has all approvals, it is signed and sent.</summary>
/// <remarks>
/// <para>The key needs the scopes view and approve, and must not be the one that requested the transfer. The key of the administrator that the cluster keeps cannot approve. The service records who approved, and when. An approval cannot be taken back; Get-HaTransfer shows what you approve.</para>
/// </remarks>
/// <example>
/// <para>List the transfers that wait, and approve one.</para>
/// <code>Get-HaTransfer -State created | Format-List; Approve-HaTransfer trf_019c1a6e7f2b7c2e8a4d5e6f70819203 -Key (Read-Host -AsSecureString)</code>
/// </example>
[Cmdlet(VerbsLifecycle.Approve, "HaTransfer", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(TransferStatus))]
public sealed class ApproveHaTransferCommand : PaymentsCmdlet
{
    /// <summary>Id of the transfer.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(WaitingTransferCompleter))]
    [ValidateNotNullOrEmpty]
    public string Id { get; set; } = null!;

    /// <summary>Write the transfer as it is afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override async Task ProcessAsync()
    {
        var transfer = await AskAsync((client, token) => client.ReadTransferAsync(Id, token));
        if (!ShouldProcess($"transfer {transfer.Id}: {transfer.Amount} of {transfer.Asset} from {transfer.Wallet} to {transfer.Destination}, asked for by {transfer.CreatedBy}", "Approve"))
            return;
        var approved = await AskAsync((client, token) => client.ApproveAsync(Id, token));
        var missing = BigInteger.Max(0, approved.ApprovalsNeeded - (approved.Approvals?.Count ?? 0));
        WriteMessage($"Approved: transfer {approved.Id} is {approved.State}{(missing.IsZero ? "" : $", {missing} more to approve")}.");
        if (PassThru)
            WriteOf(approved);
    }
}
