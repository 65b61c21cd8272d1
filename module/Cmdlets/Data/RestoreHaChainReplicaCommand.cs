using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;
using HaCluster.Operations.Chains;

namespace HaCluster.Cmdlets.Data;

/// <summary>Recreates a chain node from the latest snapshot of its set, and waits until it serves.</summary>
/// <remarks>
/// <para>The data of this node is deleted. Refused while it is needed: with fewer than two other nodes that serve.</para>
/// </remarks>
/// <example>
/// <para>See the steps for one node.</para>
/// <code>Restore-HaChainReplica -Pod bitcoin-1 -WhatIf</code>
/// </example>
/// <example>
/// <para>Recreate only the data of the consensus client, from a checkpoint.</para>
/// <code>Restore-HaChainReplica -Pod ethereum-geth-0 -Consensus -Confirm:$false</code>
/// </example>
[Cmdlet(VerbsData.Restore, "HaChainReplica", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class RestoreHaChainReplicaCommand : OperationCmdlet
{
    /// <summary>The pod of the chain node, as Get-HaChain lists it. Default: the only one that does not serve.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ChainPodCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Pod { get; set; }

    /// <summary>Only the data of the consensus client, which is then synchronised from a checkpoint.</summary>
    [Parameter]
    public SwitchParameter Consensus { get; set; }

    /// <summary>Name of the VolumeSnapshot. Default: the latest that is ready.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Snapshot { get; set; }

    /// <summary>Namespace of the chain nodes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Namespace { get; set; } = "chains";

    /// <summary>How long to wait until the node serves, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 21600;

    protected override async Task ProcessAsync()
    {
        var pod = Pod ?? await FindNotServingAsync();
        await OperateAsync(new RestoreChainReplica(pod, Consensus, Snapshot, TimeSpan.FromSeconds(TimeoutSeconds), Namespace));
    }

    private async Task<string> FindNotServingAsync()
    {
        var view = await Beside(ClusterEngine.ViewsOf(Session()).ReadChainsAsync);
        var candidates = view.Items.Where(node => node.Namespace == Namespace && !node.IsReady).Select(node => node.Pod).ToList();
        return candidates is [var only]
            ? only
            : throw Errors.InvalidInput(
                "", candidates.Count == 0 ? "all chain nodes serve" : $"several chain nodes do not serve: {string.Join(", ", candidates)}", "Name one with -Pod: Get-HaChain lists them");
    }
}
