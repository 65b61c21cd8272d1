using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Clusters;

/// <summary>Shows the zones of the cluster: nodes, pods, database writers, zonal shifts.</summary>
/// <example>
/// <para>All zones.</para>
/// <code>Get-HaZone</code>
/// </example>
/// <example>
/// <para>The zones that need attention.</para>
/// <code>Get-HaZone | Where-Object Health -ne Healthy</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaZone")]
[OutputType(typeof(ZoneStatus))]
public sealed class GetHaZoneCommand : ConnectedCmdlet
{
    /// <summary>Names of zones; patterns are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ZoneCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    protected override async Task ProcessAsync()
    {
        var view = await Beside(ClusterEngine.ViewsOf(Session()).ReadZonesAsync);
        WriteMissing(view.Items, Name, zone => zone.Name, "zone");
        WriteOf(Matching(view.Items, Name, zone => zone.Name), view.Unknown);
    }
}
