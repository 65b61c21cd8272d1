using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Nodes;

namespace HaCluster.Cmdlets.Nodes;

/// <summary>Cordons a node: no new pod is scheduled to it.</summary>
/// <remarks>
/// <para>Pods that run on it stay. Resume-HaNode ends it.</para>
/// </remarks>
/// <example>
/// <para>Cordon a node.</para>
/// <code>Suspend-HaNode ip-10-0-1-7.eu-central-1.compute.internal</code>
/// </example>
/// <example>
/// <para>Cordon all nodes that are not healthy.</para>
/// <code>Get-HaNode | Where-Object Health -ne Healthy | Suspend-HaNode</code>
/// </example>
[Cmdlet(VerbsLifecycle.Suspend, "HaNode", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class SuspendHaNodeCommand : OperationCmdlet
{
    /// <summary>Name of the node, as Get-HaNode lists it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [ValidateNotNullOrEmpty]
    public string Node { get; set; } = null!;

    protected override Task ProcessAsync() => OperateAsync(new SuspendNode(Node));
}
