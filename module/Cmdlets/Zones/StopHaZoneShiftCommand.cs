using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Zones;

namespace HaCluster.Cmdlets.Zones;

/// <summary>Ends the zonal shifts away from a zone.</summary>
/// <remarks>
/// <para>Traffic returns to the zone. After Switch-HaZone use Restore-HaZone, which also uncordons the nodes.</para>
/// </remarks>
/// <example>
/// <para>End the shifts of one zone.</para>
/// <code>Stop-HaZoneShift -Zone eu-central-1a</code>
/// </example>
/// <example>
/// <para>End all active shifts.</para>
/// <code>Get-HaZoneShift | Stop-HaZoneShift</code>
/// </example>
[Cmdlet(VerbsLifecycle.Stop, "HaZoneShift", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class StopHaZoneShiftCommand : OperationCmdlet
{
    /// <summary>The zone by name (eu-central-1a) or id (euc1-az2).</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public string Zone { get; set; } = null!;

    protected override Task ProcessAsync() => OperateAsync(new StopZoneShift(Zone));
}
