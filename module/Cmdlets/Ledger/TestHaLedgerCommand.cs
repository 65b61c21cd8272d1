using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;

namespace HaCluster.Cmdlets.Ledger;

/// <summary>Tests whether the archive of the finance log is as the ledger wrote it: verified, recently, without a finding, and signed.</summary>
/// <remarks>
/// <para>Every replica verifies the archive by itself, all of it, in the background; this asks what it found. A verification that starts now would read years of records before it could answer, and with the same program and role it would prove no more. For a check by somebody who does not trust the cluster, run ledger verify elsewhere, with credentials that can only read, and with a public key and checkpoints that were kept elsewhere.</para>
/// <para>-Quiet is false also when no replica answers. One that does not answer is a warning: the others verify the same archive.</para>
/// </remarks>
/// <example>
/// <para>Test all streams.</para>
/// <code>Test-HaLedger</code>
/// </example>
/// <example>
/// <para>In a script.</para>
/// <code>if (-not (Test-HaLedger -Quiet)) { exit 1 }</code>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "HaLedger")]
[OutputType(typeof(LedgerTest))]
[OutputType(typeof(bool))]
public sealed class TestHaLedgerCommand : ConnectedCmdlet
{
    private const int TwoDays = 48;

    /// <summary>Streams; patterns are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(LedgerStreamCompleter))]
    [SupportsWildcards]
    public string[]? Stream { get; set; }

    /// <summary>Hours that the last verification may be ago.</summary>
    [Parameter]
    [ValidateRange(1, 8760)]
    public int MaxAgeHours { get; set; } = TwoDays;

    /// <summary>Only true or false, for all streams together.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override async Task ProcessAsync()
    {
        var view = await Beside(token => ClusterEngine.ViewsOf(Session()).TestLedgerAsync(TimeSpan.FromHours(MaxAgeHours), token));
        var tests = Matching(view.Items, Stream, test => test.Stream).ToList();
        WriteMissing(view.Items, Stream, test => test.Stream, "stream");
        if (!Quiet)
        {
            WriteOf(tests, view.Unknown);
            return;
        }

        WriteObject(tests.Count > 0 && tests.All(test => test.Passed));
    }
}
