using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Zones;

namespace HaCluster.Cmdlets.Zones;

/// <summary>Returns to an evacuated zone: uncordons its nodes once they are ready, and ends the zonal shifts.</summary>
/// <remarks>
/// <para>Only nodes that the evacuation cordoned are uncordoned. Workloads that run elsewhere stay there unless -Rebalance is given.</para>
/// </remarks>
/// <example>
/// <para>Return to the zone.</para>
/// <code>Restore-HaZone eu-central-1a -Confirm:$false</code>
/// </example>
/// <example>
/// <para>Return, and spread stateless workloads over it again.</para>
/// <code>Restore-HaZone eu-central-1a -Rebalance -WhatIf</code>
/// </example>
[Cmdlet(VerbsData.Restore, "HaZone", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class RestoreHaZoneCommand : OperationCmdlet
{
    /// <summary>The zone by name (eu-central-1a) or id (euc1-az2).</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public string Zone { get; set; } = null!;

    /// <summary>Also restart the stateless workloads that have no pod in the zone although they should spread to it.</summary>
    [Parameter]
    public SwitchParameter Rebalance { get; set; }

    protected override Task ProcessAsync() => OperateAsync(new RestoreZone(Zone, Rebalance));
}
