using System.Management.Automation;

namespace HaCluster.Cmdlets.Payments;

/// <summary>Shows transfers of the payments service, the newest first: what is paid to whom, how far it is, who asked, and who approved.</summary>
/// <remarks>
/// <para>It asks the service through a port-forward to one of its pods: you need permission to create pods/portforward in the namespace payments, and to read its secrets. The key needs the scope view.</para>
/// </remarks>
/// <example>
/// <para>The transfers that wait for the approval of other people.</para>
/// <code>Get-HaTransfer -State created</code>
/// </example>
/// <example>
/// <para>One transfer, with those who approved it.</para>
/// <code>Get-HaTransfer trf_019c1a6e7f2b7c2e8a4d5e6f70819203</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaTransfer", DefaultParameterSetName = ListSet)]
[OutputType(typeof(TransferStatus))]
public sealed class GetHaTransferCommand : PaymentsCmdlet
{
    private const string ListSet = "List";
    private const string IdSet = "Id";

    /// <summary>Ids of transfers.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(TransferCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Id { get; set; } = [];

    /// <summary>Name or id of the wallet that pays.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [ArgumentCompleter(typeof(WalletCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Wallet { get; set; }

    /// <summary>State that the transfers are in.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [ValidateSet("created", "approved", "signed", "broadcast", "seen", "confirmed", "orphaned", "final", "failed", "replaced", "cancelled")]
    public string? State { get; set; }

    /// <summary>How many to show, the newest first.</summary>
    [Parameter(ParameterSetName = ListSet)]
    [ValidateRange(1, 100_000)]
    public int First { get; set; } = 50;

    protected override async Task ProcessAsync()
    {
        if (ParameterSetName == IdSet)
        {
            foreach (var id in Id)
                WriteOf(await AskAsync((client, token) => client.ReadTransferAsync(id, token)));
            return;
        }

        var transfers = await AskAsync(async (client, token) => await client.ReadTransfersAsync(Wallet is null ? null : (await FindAsync(client, Wallet, token)).Id, State, First, token));
        WriteOf(transfers, []);
    }
}
