using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Connections;

/// <summary>Shows the clusters that are connected, and which one is used when no -Connection is given.</summary>
/// <example>
/// <para>All connections.</para>
/// <code>Get-HaConnection</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaConnection")]
[OutputType(typeof(ConnectionInfo))]
public sealed class GetHaConnectionCommand : HaCmdlet
{
    /// <summary>Names of connections; patterns are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [SupportsWildcards]
    public string? Name { get; set; }

    protected override Task ProcessAsync()
    {
        var pattern = new WildcardPattern(Name ?? "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        foreach (var connection in OpenConnections.List().Where(connection => pattern.IsMatch(connection.Name)))
            WriteObject(ConnectionView.Of(connection));
        return Task.CompletedTask;
    }
}
