using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Workloads;

namespace HaCluster.Cmdlets.Workloads;

/// <summary>Restarts a workload by a rolling update without a change, or all workloads of a namespace one after another.</summary>
/// <remarks>
/// <para>Like kubectl rollout restart, but waits until all replicas are ready before it continues with the next workload.</para>
/// </remarks>
/// <example>
/// <para>Restart one workload.</para>
/// <code>Restart-HaWorkload -Namespace payments -Name api</code>
/// </example>
/// <example>
/// <para>Restart all workloads of a namespace, one after another.</para>
/// <code>Restart-HaWorkload -Namespace logging</code>
/// </example>
/// <example>
/// <para>Restart what is below strength.</para>
/// <code>Get-HaWorkload -BelowStrength | Restart-HaWorkload</code>
/// </example>
[Cmdlet(VerbsLifecycle.Restart, "HaWorkload", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class RestartHaWorkloadCommand : WorkloadCmdlet
{
    /// <summary>Namespace of the workload. Default: the one namespace that has a workload of this name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Namespace { get; set; }

    /// <summary>Name of the workload. Default: all workloads of the namespace.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(WorkloadCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Kind of the workload, where several of one name exist.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("Deployment", "StatefulSet", "DaemonSet")]
    public string? Kind { get; set; }

    /// <summary>How long one workload may take until all replicas are ready, in seconds.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 900;

    protected override async Task ProcessAsync()
    {
        if (Name is { } name)
        {
            var workload = await FindWorkloadAsync(Namespace, name, Kind);
            await OperateAsync(new RestartWorkload(workload.Namespace, name, workload.Kind, TimeSpan.FromSeconds(TimeoutSeconds)));
            return;
        }

        var all = Namespace ?? throw Errors.InvalidInput("", "neither a workload nor a namespace is given", "Give -Name, or -Namespace for all of its workloads");
        await OperateAsync(new RestartWorkload(all, null, Kind, TimeSpan.FromSeconds(TimeoutSeconds)));
    }
}
