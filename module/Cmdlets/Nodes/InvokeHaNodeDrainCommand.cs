using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Nodes;

namespace HaCluster.Cmdlets.Nodes;

/// <summary>Cordons a node and evicts its pods in a safe order.</summary>
/// <remarks>
/// <para>Pods go through the eviction API, so disruption budgets hold. Pods of DaemonSets stay. A pod that its budget keeps for longer than the time-out ends the drain with an error that names both; the drain can be resumed.</para>
/// </remarks>
/// <example>
/// <para>See which pods would move.</para>
/// <code>Invoke-HaNodeDrain ip-10-0-1-7.eu-central-1.compute.internal -WhatIf</code>
/// </example>
/// <example>
/// <para>Drain, and wait at most 20 minutes for each pod.</para>
/// <code>Invoke-HaNodeDrain ip-10-0-1-7.eu-central-1.compute.internal -TimeoutSeconds 1200</code>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "HaNodeDrain", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class InvokeHaNodeDrainCommand : OperationCmdlet
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

    protected override Task ProcessAsync() => OperateAsync(new DrainNode(Node, TimeSpan.FromSeconds(TimeoutSeconds)));
}
