using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Workloads;

namespace HaCluster.Cmdlets.Workloads;

/// <summary>Returns a workload to an earlier revision of its pod template.</summary>
/// <remarks>
/// <para>It returns to the revision before the current one, and waits until all replicas are ready. Unlike kubectl rollout undo it never goes to a revision that Update-HaWorkload rolled back or that someone returned from: run again, it goes one revision further back. To go forward, name the revision. To revert an operation of this module, Undo-HaOperation is the better choice.</para>
/// </remarks>
/// <example>
/// <para>Return to the previous revision.</para>
/// <code>Undo-HaWorkload -Namespace payments -Name api</code>
/// </example>
/// <example>
/// <para>Return to a given revision.</para>
/// <code>Undo-HaWorkload -Namespace payments -Name api -Revision 12</code>
/// </example>
[Cmdlet(VerbsCommon.Undo, "HaWorkload", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class UndoHaWorkloadCommand : WorkloadCmdlet
{
    /// <summary>Namespace of the workload. Default: the one namespace that has a workload of this name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Namespace { get; set; }

    /// <summary>Name of the workload.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(WorkloadCompleter))]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = null!;

    /// <summary>The revision to return to. Default: the one before the current one, unless that was rolled back.</summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? Revision { get; set; }

    /// <summary>Kind of the workload, where several of one name exist.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("Deployment", "StatefulSet", "DaemonSet")]
    public string? Kind { get; set; }

    /// <summary>How long to wait until all replicas are ready, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 600;

    protected override async Task ProcessAsync() =>
        await OperateAsync(new UndoWorkload(await FindWorkloadAsync(Namespace, Name, Kind), Revision, TimeSpan.FromSeconds(TimeoutSeconds)));
}
