using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Pools;

namespace HaCluster.Cmdlets.Pools;

/// <summary>Changes the size of a node pool.</summary>
/// <remarks>
/// <para>Refused when service quotas of the account do not allow the new maximum, or when the cluster would no longer survive the loss of a zone; the refusal says what would fit. The stack file keeps its own minimum and maximum: change them there as well, or the next pulumi up resets them.</para>
/// </remarks>
/// <example>
/// <para>Let the general pool have six nodes in each of its node groups.</para>
/// <code>Set-HaNodePoolScale general -Desired 6 -WhatIf</code>
/// </example>
/// <example>
/// <para>Raise the maximum of one node group.</para>
/// <code>Set-HaNodePoolScale stateful-1 -Max 4</code>
/// </example>
[Cmdlet(VerbsCommon.Set, "HaNodePoolScale", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class SetHaNodePoolScaleCommand : OperationCmdlet
{
    /// <summary>The pool of the stack (system, general, stateful), which means each of its node groups, or one node group.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Pool")]
    [ArgumentCompleter(typeof(NodePoolCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>Nodes of each node group now.</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int? Desired { get; set; }

    /// <summary>Fewest nodes of each node group.</summary>
    [Parameter]
    [ValidateRange(0, 1000)]
    public int? Min { get; set; }

    /// <summary>Most nodes of each node group.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int? Max { get; set; }

    /// <summary>How long to wait until all nodes are ready, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 1200;

    protected override Task ProcessAsync() => Desired is null && Min is null && Max is null
        ? throw Errors.InvalidInput($"node pool {Name}", "nothing to change is given", "Give -Desired, -Min or -Max")
        : OperateAsync(new ScaleNodePool(Name, Desired, Min, Max, TimeSpan.FromSeconds(TimeoutSeconds)));
}
