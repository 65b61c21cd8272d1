using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Journal;

/// <summary>Shows the operations on the cluster: who changed what, when, how far it went, and whether it can be resumed.</summary>
/// <remarks>
/// <para>Operations of this machine are read from their journals, those of other operators from the records that they leave in the cluster.</para>
/// </remarks>
/// <example>
/// <para>The newest operations.</para>
/// <code>Get-HaOperation | Select-Object -First 5</code>
/// </example>
/// <example>
/// <para>What did not end, with its steps.</para>
/// <code>Get-HaOperation -State Interrupted, Failed, Stopped | Format-List</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaOperation")]
[OutputType(typeof(OperationRecord))]
public sealed class GetHaOperationCommand : ConnectedCmdlet
{
    /// <summary>Ids of operations; patterns are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(OperationCompleter))]
    [SupportsWildcards]
    public string[]? Id { get; set; }

    /// <summary>Only operations in one of these states.</summary>
    [Parameter]
    public OperationState[]? State { get; set; }

    protected override async Task ProcessAsync()
    {
        var all = await Beside(ClusterEngine.RunnerOf(Session()).ListAsync);
        WriteMissing(all, Id, operation => operation.Id, "operation");
        WriteOf(Matching(all, Id, operation => operation.Id).Where(operation => State is null || State.Contains(operation.State)), []);
    }
}
