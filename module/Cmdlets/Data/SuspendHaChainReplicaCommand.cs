using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Chains;

namespace HaCluster.Cmdlets.Data;

/// <summary>Takes a chain node out of service without deleting its data, or puts it back.</summary>
/// <example>
/// <para>Take a node out of service.</para>
/// <code>Suspend-HaChainReplica bitcoin-1</code>
/// </example>
/// <example>
/// <para>Put it back.</para>
/// <code>Suspend-HaChainReplica bitcoin-1 -Resume</code>
/// </example>
[Cmdlet(VerbsLifecycle.Suspend, "HaChainReplica", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class SuspendHaChainReplicaCommand : OperationCmdlet
{
    /// <summary>The pod of the chain node, as Get-HaChain lists it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ChainPodCompleter))]
    [ValidateNotNullOrEmpty]
    public string Pod { get; set; } = null!;

    /// <summary>Put the node back into service.</summary>
    [Parameter]
    public SwitchParameter Resume { get; set; }

    /// <summary>Namespace of the chain nodes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Namespace { get; set; } = "chains";

    protected override Task ProcessAsync() => OperateAsync(new SuspendChainReplica(Pod, Resume, Namespace));
}
