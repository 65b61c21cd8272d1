using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Zones;

/// <summary>Shows zonal shifts: which traffic is kept away from which zone, and until when.</summary>
/// <example>
/// <para>Active shifts.</para>
/// <code>Get-HaZoneShift</code>
/// </example>
/// <example>
/// <para>Ended ones, too.</para>
/// <code>Get-HaZoneShift -All</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaZoneShift")]
[OutputType(typeof(ZoneShift))]
public sealed class GetHaZoneShiftCommand : ConnectedCmdlet
{
    /// <summary>Only shifts away from these zones.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ZoneCompleter))]
    [SupportsWildcards]
    public string[]? Zone { get; set; }

    /// <summary>Also shifts that have ended.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    protected override async Task ProcessAsync()
    {
        var view = await Beside(ClusterEngine.ViewsOf(Session()).ReadZoneShiftsAsync);
        WriteOf(Matching(view.Items, Zone, shift => shift.Zone).Where(shift => All || shift.IsActive), view.Unknown);
    }
}
