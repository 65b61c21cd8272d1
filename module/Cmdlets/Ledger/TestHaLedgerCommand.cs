using System.Management.Automation;
using System.Security;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Ledger;

/// <summary>Tests whether the archive of the finance log is as the ledger wrote it: verified, recently, without a finding, and signed.</summary>
/// <remarks>
/// <para>Every replica verifies the archive by itself in the background; this asks what it found. -Fresh has one replica verify each stream from its first record and waits for it, which takes about a minute per million records. It needs a token of the ledger that may read the streams, and what Find-HaLedgerRecord needs of Kubernetes. Ctrl+C stops the waiting only: the next -Fresh waits for what still runs.</para>
/// <para>Either way the cluster verifies itself. For a check by someone who does not trust it, run ledger verify elsewhere, with credentials that can only read, and with a public key and checkpoints that were kept elsewhere.</para>
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
/// <example>
/// <para>Verify a stream now.</para>
/// <code>Test-HaLedger payments -Fresh -Token (Read-Host -AsSecureString)</code>
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

    /// <summary>Verify now, from the first record of each stream.</summary>
    [Parameter]
    public SwitchParameter Fresh { get; set; }

    /// <summary>With -Fresh: a token of the ledger that may read the streams. Default: the environment variable HA_LEDGER_TOKEN.</summary>
    [Parameter]
    public SecureString? Token { get; set; }

    /// <summary>Only true or false, for all streams together.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    protected override async Task ProcessAsync()
    {
        if (Fresh)
        {
            await VerifyAsync();
            return;
        }

        var view = await Beside(token => ClusterEngine.ViewsOf(Session()).TestLedgerAsync(TimeSpan.FromHours(MaxAgeHours), token));
        var tests = Matching(view.Items, Stream, test => test.Stream).ToList();
        WriteMissing(view.Items, Stream, test => test.Stream, "stream");
        if (Quiet)
            WriteObject(tests.Count > 0 && tests.All(test => test.Passed));
        else
            WriteOf(tests, view.Unknown);
    }

    private async Task VerifyAsync()
    {
        using var ledger = await ClusterEngine.OpenLedgerAsync(Session(), LedgerToken.Of(Token), StopToken);
        var view = await Beside(ClusterEngine.ViewsOf(Session()).ReadLedgerAsync);
        WriteMissing(view.Items, Stream, stream => stream.Stream, "stream");
        var streams = Matching(view.Items, Stream, stream => stream.Stream).ToList();
        var passed = 0;
        foreach (var stream in streams)
        {
            try
            {
                var test = await ledger.VerifyAsync(
                    stream, records => ShowProgress("Verifying the finance log", stream.Stream, $"{records:N0} of {stream.Records:N0} records", Percent(records, stream.Records)), StopToken);
                passed += test.Passed ? 1 : 0;
                if (!Quiet)
                    WriteOf(test);
            }
            catch (HaClusterException exception)
            {
                // The others are verified all the same.
                Report(Errors.RecordOf(exception));
            }
        }

        if (Quiet)
            WriteObject(streams.Count > 0 && passed == streams.Count);
        else
            WriteOf(Array.Empty<LedgerTest>(), view.Unknown);
    }

    private static int Percent(long records, long all) => all > 0 ? (int)Math.Min(100, 100 * records / all) : 0;
}
