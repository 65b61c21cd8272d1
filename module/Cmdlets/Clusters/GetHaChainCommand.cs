using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Clusters;

/// <summary>Shows the blockchain nodes as their sentinels see them: head, lag, tip age, peers.</summary>
/// <remarks>
/// <para>A node that is not ready gets no requests from the front.</para>
/// </remarks>
/// <example>
/// <para>All chain nodes.</para>
/// <code>Get-HaChain</code>
/// </example>
/// <example>
/// <para>The nodes that do not serve.</para>
/// <code>Get-HaChain -Chain bitcoin | Where-Object { -not $_.IsReady }</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaChain")]
[OutputType(typeof(ChainStatus))]
public sealed class GetHaChainCommand : ConnectedCmdlet
{
    /// <summary>Only nodes of these chains.</summary>
    [Parameter(Position = 0)]
    [ValidateSet("bitcoin", "ethereum")]
    public string[]? Chain { get; set; }

    /// <summary>Pods of nodes; patterns are allowed.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ChainPodCompleter))]
    [SupportsWildcards]
    public string[]? Pod { get; set; }

    protected override async Task ProcessAsync()
    {
        var view = await Beside(ClusterEngine.ViewsOf(Session()).ReadChainsAsync);
        WriteMissing(view.Items, Pod, node => node.Pod, "chain node");
        WriteOf(Matching(Matching(view.Items, Chain, node => node.Chain), Pod, node => node.Pod), view.Unknown);
    }
}
