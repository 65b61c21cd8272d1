using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Connections;

/// <summary>Forgets a connection.</summary>
/// <example>
/// <para>Forget the current connection.</para>
/// <code>Disconnect-HaCluster</code>
/// </example>
/// <example>
/// <para>Forget all.</para>
/// <code>Get-HaConnection | Disconnect-HaCluster</code>
/// </example>
[Cmdlet(VerbsCommunications.Disconnect, "HaCluster")]
public sealed class DisconnectHaClusterCommand : HaCmdlet
{
    /// <summary>Name of the connection. Default: the current one.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Connection")]
    [ArgumentCompleter(typeof(ConnectionCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    protected override Task ProcessAsync()
    {
        OpenConnections.Remove(OpenConnections.Find(Name).Name);
        return Task.CompletedTask;
    }
}
