using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Ledger;

/// <summary>Shows the streams of the finance log as its replicas see them: records stored, signed and searchable, numbers that are missing, the state of the archive.</summary>
/// <remarks>
/// <para>It asks each replica through the API server's proxy; no token of the ledger is needed. A replica that does not answer is a warning.</para>
/// </remarks>
/// <example>
/// <para>All streams.</para>
/// <code>Get-HaLedger</code>
/// </example>
/// <example>
/// <para>The streams in which producers left out numbers.</para>
/// <code>Get-HaLedger | Where-Object Missing -gt 0</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaLedger")]
[OutputType(typeof(LedgerStatus))]
public sealed class GetHaLedgerCommand : ConnectedCmdlet
{
    /// <summary>Streams; patterns are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(LedgerStreamCompleter))]
    [SupportsWildcards]
    public string[]? Stream { get; set; }

    protected override async Task ProcessAsync()
    {
        var view = await Beside(ClusterEngine.ViewsOf(Session()).ReadLedgerAsync);
        WriteMissing(view.Items, Stream, stream => stream.Stream, "stream");
        WriteOf(Matching(view.Items, Stream, stream => stream.Stream), view.Unknown);
    }
}
