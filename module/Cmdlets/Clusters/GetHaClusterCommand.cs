using System.Management.Automation;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;
using HaCluster.Cmdlets.Views;

namespace HaCluster.Cmdlets.Clusters;

/// <summary>Shows the whole cluster on one screen: zones, nodes, workloads below strength, quotas, databases, chains, alerts, certificates, backups.</summary>
/// <remarks>
/// <para>A part that cannot be read is shown as unknown with the reason; it never counts as healthy. All parts are properties of the object, for scripts.</para>
/// </remarks>
/// <example>
/// <para>The state of the cluster.</para>
/// <code>Get-HaCluster</code>
/// </example>
/// <example>
/// <para>Refresh every five seconds, until Ctrl+C.</para>
/// <code>Get-HaCluster -Watch -IntervalSeconds 5</code>
/// </example>
/// <example>
/// <para>What is wrong, worst first.</para>
/// <code>(Get-HaCluster).Findings</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaCluster")]
[OutputType(typeof(ClusterStatus))]
public sealed class GetHaClusterCommand : ConnectedCmdlet
{
    private const string Home = "\e[H\e[2J";

    /// <summary>Refresh until Ctrl+C. In a terminal each refresh replaces the last; in a pipeline or file each is another object.</summary>
    [Parameter]
    public SwitchParameter Watch { get; set; }

    /// <summary>Seconds between refreshes.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int IntervalSeconds { get; set; } = 10;

    protected override async Task ProcessAsync()
    {
        do
        {
            ShowProgress("Get-HaCluster", $"reading {Session().Info.Name}");
            var status = await Beside(ClusterEngine.ViewsOf(Session()).ReadClusterAsync);
            EndProgress();
            // The formatter of a pipeline keeps the width that the terminal had when the pipeline began.
            if (Watch && IsScreen)
                Host.UI.WriteLine(Home + ClusterScreen.Render(status, Host.UI.RawUI.BufferSize.Width));
            else
                WriteOf(status);
            if (Watch)
                await Task.Delay(TimeSpan.FromSeconds(IntervalSeconds), StopToken);
        }
        while (Watch);
    }

    /// <summary>Whether the output goes to a terminal that understands control sequences.</summary>
    private bool IsScreen => MyInvocation.PipelinePosition == MyInvocation.PipelineLength && !Console.IsOutputRedirected && Host.UI.SupportsVirtualTerminal
        && Environment.GetEnvironmentVariable("TERM") != "dumb";
}
