using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Nodes;

namespace HaCluster.Cmdlets.Nodes;

/// <summary>Replaces a node: drains it, terminates its instance, waits for the replacement.</summary>
/// <remarks>
/// <para>The instance is terminated through its Auto Scaling group, which starts another one. The operation ends when the new node is ready.</para>
/// </remarks>
/// <example>
/// <para>Replace one node.</para>
/// <code>Restart-HaNode ip-10-0-1-7.eu-central-1.compute.internal</code>
/// </example>
/// <example>
/// <para>Replace all nodes of a pool, one after the other.</para>
/// <code>Get-HaNode -Pool 'general*' | Restart-HaNode</code>
/// </example>
[Cmdlet(VerbsLifecycle.Restart, "HaNode", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class RestartHaNodeCommand : OperationCmdlet
{
    /// <summary>Name of the node, as Get-HaNode lists it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [ValidateNotNullOrEmpty]
    public string Node { get; set; } = null!;

    /// <summary>How long one pod may be kept by its budget, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 600;

    protected override Task ProcessAsync() => OperateAsync(new ReplaceNode(Node, TimeSpan.FromSeconds(TimeoutSeconds)));
}
