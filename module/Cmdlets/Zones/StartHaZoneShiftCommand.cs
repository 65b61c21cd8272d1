using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Zones;

namespace HaCluster.Cmdlets.Zones;

/// <summary>Moves the traffic of the cluster and its load balancers away from a zone.</summary>
/// <remarks>
/// <para>Starts an ARC zonal shift for the EKS cluster and for each of its load balancers that supports it. No pod is moved and nothing is deleted; the shift ends by itself after the given hours. To empty the zone as well, use Switch-HaZone.</para>
/// </remarks>
/// <example>
/// <para>See what would be shifted, then shift for 12 hours.</para>
/// <code>Start-HaZoneShift -Zone eu-central-1a -WhatIf
/// Start-HaZoneShift -Zone eu-central-1a</code>
/// </example>
/// <example>
/// <para>Shift for one hour, with the reason that others will read.</para>
/// <code>Start-HaZoneShift eu-central-1b -Hours 1 -Comment 'packet loss, case 4711'</code>
/// </example>
[Cmdlet(VerbsLifecycle.Start, "HaZoneShift", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class StartHaZoneShiftCommand : OperationCmdlet
{
    /// <summary>The zone by name (eu-central-1a) or id (euc1-az2).</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ArgumentCompleter(typeof(ZoneCompleter))]
    [ValidateNotNullOrEmpty]
    public string Zone { get; set; } = null!;

    /// <summary>When the shift ends by itself: one minute to 72 hours.</summary>
    [Parameter]
    [ValidateRange(1.0 / 60, 72.0)]
    public double Hours { get; set; } = 12;

    /// <summary>Reason, shown to others by Get-HaZoneShift and in the AWS console.</summary>
    [Parameter]
    [ValidateLength(0, 128)]
    public string Comment { get; set; } = "";

    protected override Task ProcessAsync() => OperateAsync(new StartZoneShift(Zone, TimeSpan.FromHours(Hours), Comment));
}
