using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Nodes;

namespace HaCluster.Cmdlets.Nodes;

/// <summary>Uncordons a node.</summary>
/// <example>
/// <para>Uncordon a node.</para>
/// <code>Resume-HaNode ip-10-0-1-7.eu-central-1.compute.internal</code>
/// </example>
/// <example>
/// <para>Uncordon all nodes of a zone.</para>
/// <code>Get-HaNode -Zone eu-central-1a | Resume-HaNode</code>
/// </example>
[Cmdlet(VerbsLifecycle.Resume, "HaNode", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class ResumeHaNodeCommand : OperationCmdlet
{
    /// <summary>Name of the node, as Get-HaNode lists it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(NodeCompleter))]
    [ValidateNotNullOrEmpty]
    public string Node { get; set; } = null!;

    protected override Task ProcessAsync() => OperateAsync(new ResumeNode(Node));
}
