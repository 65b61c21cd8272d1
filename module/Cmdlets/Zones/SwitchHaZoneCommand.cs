using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Zones;

namespace HaCluster.Cmdlets.Zones;

/// <summary>Evacuates a zone: shifts traffic, cordons its nodes, moves database writers, drains its pods in a safe order, and verifies.</summary>
/// <remarks>
/// <para>Before anything is done, the prover checks whether the live cluster would survive without the zone. A refusal names the reason, the pod and the budget. Every step is written to a journal: Resume-HaOperation continues an interrupted evacuation, Undo-HaOperation reverts it. Restore-HaZone returns to the zone.</para>
/// <para>With -RebuildReplicas, replicas whose volume is in the zone and that can be rebuilt from a snapshot or from their peers lose that volume and start in another zone.</para>
/// </remarks>
/// <example>
/// <para>See the steps with their durations, and what would stop them.</para>
/// <code>Switch-HaZone eu-central-1a -WhatIf</code>
/// </example>
/// <example>
/// <para>Evacuate the zone without a question, and keep the result.</para>
/// <code>$evacuated = Switch-HaZone eu-central-1a -Confirm:$false -PassThru</code>
/// </example>
[Cmdlet(VerbsCommon.Switch, "HaZone", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class SwitchHaZoneCommand : OperationCmdlet
{
    /// <summary>The zone by name (eu-central-1a) or id (euc1-az2).</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public string Zone { get; set; } = null!;

    /// <summary>When the zonal shift ends by itself: one minute to 72 hours.</summary>
    [Parameter]
    [ValidateRange(1.0 / 60, 72.0)]
    public double Hours { get; set; } = 24;

    /// <summary>Rebuild replicas whose volume is in the zone elsewhere. What is on these volumes is lost.</summary>
    [Parameter]
    public SwitchParameter RebuildReplicas { get; set; }

    protected override Task ProcessAsync() => OperateAsync(new SwitchZone(Zone, TimeSpan.FromHours(Hours), RebuildReplicas));
}
