using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Workloads;

namespace HaCluster.Cmdlets.Workloads;

/// <summary>Sets the number of replicas of a workload, and waits until they are ready.</summary>
/// <remarks>
/// <para>Refused when the quota of the namespace or the room on the nodes does not allow it; the refusal says how many would fit. A HorizontalPodAutoscaler of the workload changes the number again.</para>
/// </remarks>
/// <example>
/// <para>Scale a Deployment to four replicas.</para>
/// <code>Set-HaWorkloadScale -Namespace payments -Name api -Replicas 4</code>
/// </example>
/// <example>
/// <para>Stop a workload for a while.</para>
/// <code>Set-HaWorkloadScale -Name sweeper -Replicas 0</code>
/// </example>
[Cmdlet(VerbsCommon.Set, "HaWorkloadScale", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class SetHaWorkloadScaleCommand : WorkloadCmdlet
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

    /// <summary>Number of replicas.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 10000)]
    public int Replicas { get; set; }

    /// <summary>Kind of the workload, where several of one name exist.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("Deployment", "StatefulSet", "DaemonSet")]
    public string? Kind { get; set; }

    /// <summary>How long to wait until all replicas are ready, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 600;

    protected override async Task ProcessAsync() =>
        await OperateAsync(new ScaleWorkload(await FindWorkloadAsync(Namespace, Name, Kind), Replicas, TimeSpan.FromSeconds(TimeoutSeconds)));
}
