using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Clusters;

/// <summary>Shows the nodes of the cluster.</summary>
/// <example>
/// <para>All nodes.</para>
/// <code>Get-HaNode</code>
/// </example>
/// <example>
/// <para>The nodes of a zone that are cordoned.</para>
/// <code>Get-HaNode -Zone eu-central-1a | Where-Object IsCordoned</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaNode")]
[OutputType(typeof(NodeStatus))]
public sealed class GetHaNodeCommand : ConnectedCmdlet
{
    /// <summary>Names of nodes; patterns are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <summary>Only nodes of these zones.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ZoneCompleter))]
    [SupportsWildcards]
    public string[]? Zone { get; set; }

    /// <summary>Only nodes of these node groups.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NodePoolCompleter))]
    [SupportsWildcards]
    public string[]? Pool { get; set; }

    protected override async Task ProcessAsync()
    {
        var view = await Beside(ClusterEngine.ViewsOf(Session()).ReadNodesAsync);
        WriteMissing(view.Items, Name, node => node.Name, "node");
        WriteOf(Matching(Matching(Matching(view.Items, Name, node => node.Name), Zone, node => node.Zone), Pool, node => node.Pool), view.Unknown);
    }
}
