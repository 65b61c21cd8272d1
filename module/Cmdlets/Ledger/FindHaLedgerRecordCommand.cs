using System.Management.Automation;
using System.Security;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;
using HaCluster.Operations.Ledger;

namespace HaCluster.Cmdlets.Ledger;

/// <summary>Searches the records of a stream of the finance log, in the order in which they happened.</summary>
/// <remarks>
/// <para>It needs a token of the ledger that may read the stream: -Token, or the environment variable HA_LEDGER_TOKEN. ledger token NAME --reads STREAM creates one. Each search is recorded in the stream audit.</para>
/// <para>The ledger is asked through port-forward to one of its pods, with TLS end to end, so no intermediary sees the token. In the namespace logging you need permission to create pods/portforward (and get it, before 1.35), to list pods, and to get the service finance-log and the secret finance-log-tls, of which only the certificate authority is read.</para>
/// </remarks>
/// <example>
/// <para>What the stream says of a payment.</para>
/// <code>$env:HA_LEDGER_TOKEN = Get-Secret ledger-reader -AsPlainText
/// Find-HaLedgerRecord payments -Query pay-17</code>
/// </example>
/// <example>
/// <para>The records of a day, as a table of their data.</para>
/// <code>Find-HaLedgerRecord payments -From 2026-01-31 -To 2026-02-01 -First 5000 | Select-Object Sequence, Time, { $_.Data.amount }</code>
/// </example>
[Cmdlet(VerbsCommon.Find, "HaLedgerRecord")]
[OutputType(typeof(LedgerRecord))]
public sealed class FindHaLedgerRecordCommand : ConnectedCmdlet
{
    /// <summary>Name of the stream.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(LedgerStreamCompleter))]
    [ValidateNotNullOrEmpty]
    public string Stream { get; set; } = null!;

    /// <summary>Words that the values of the data must all contain, in upper or lower case. There are no operators.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Query { get; set; }

    /// <summary>The producer's id of the record.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Id { get; set; }

    /// <summary>Only what happened then or later. A time without a zone is local.</summary>
    [Parameter]
    public DateTimeOffset? From { get; set; }

    /// <summary>Only what happened before. A time without a zone is local.</summary>
    [Parameter]
    public DateTimeOffset? To { get; set; }

    /// <summary>Largest number of records. A warning says when there are more.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int First { get; set; } = 100;

    /// <summary>The reader's token. Default: the environment variable HA_LEDGER_TOKEN.</summary>
    [Parameter]
    public SecureString? Token { get; set; }

    protected override async Task ProcessAsync()
    {
        if (From >= To)
            throw Errors.InvalidInput($"{From:u}", $"-From is not before -To ({To:u}); the range includes -From and excludes -To", "Change one of them");
        using var ledger = await ClusterEngine.OpenLedgerAsync(Session(), LedgerToken.Of(Token), StopToken);
        // One more than is written tells whether there are more.
        var written = 0;
        await foreach (var record in ledger.FindAsync(new LedgerQuestion(Stream, From, To, Query, Id, First + 1), StopToken))
        {
            if (written++ < First)
                WriteOf(record);
            else
                WriteWarning($"{Stream} has more matching records: raise -First, or narrow the search with -From, -To and -Query");
        }
    }
}
