using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Clusters;

/// <summary>Shows the database clusters: writer, readers, zones.</summary>
/// <example>
/// <para>All databases.</para>
/// <code>Get-HaDatabase</code>
/// </example>
/// <example>
/// <para>Their instances.</para>
/// <code>(Get-HaDatabase).Instances</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaDatabase")]
[OutputType(typeof(DatabaseStatus))]
public sealed class GetHaDatabaseCommand : ConnectedCmdlet
{
    /// <summary>Names of database clusters; patterns are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(DatabaseCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    protected override async Task ProcessAsync()
    {
        var view = await Beside(ClusterEngine.ViewsOf(Session()).ReadDatabasesAsync);
        WriteMissing(view.Items, Name, database => database.Name, "database");
        WriteOf(Matching(view.Items, Name, database => database.Name), view.Unknown);
    }
}
