using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Pools;

/// <summary>Shows the node groups: sizes, instances, ready nodes.</summary>
/// <example>
/// <para>All node groups.</para>
/// <code>Get-HaNodePool</code>
/// </example>
/// <example>
/// <para>Those of one pool of the stack.</para>
/// <code>Get-HaNodePool -Pool stateful</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaNodePool")]
[OutputType(typeof(NodePoolStatus))]
public sealed class GetHaNodePoolCommand : ConnectedCmdlet
{
    /// <summary>Names of node groups in AWS; patterns are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(NodePoolCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <summary>Only node groups of these pools of the stack.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? Pool { get; set; }

    protected override async Task ProcessAsync()
    {
        var view = await Beside(ClusterEngine.ViewsOf(Session()).ReadNodePoolsAsync);
        WriteMissing(view.Items, Name, group => group.Name, "node group");
        WriteOf(Matching(Matching(view.Items, Name, group => group.Name), Pool, group => group.Pool), view.Unknown);
    }
}
