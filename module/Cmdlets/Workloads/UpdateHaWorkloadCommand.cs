using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Operations.Workloads;

namespace HaCluster.Cmdlets.Workloads;

/// <summary>Changes the image of a workload, watches it, and rolls back automatically when it gets worse.</summary>
/// <remarks>
/// <para>Readiness and restarts are watched, and, where Prometheus has them, the share of failed requests and the latency. When the update is not ready in time, or errors or latency exceed their limits while it is observed, the workload returns to the image it had.</para>
/// </remarks>
/// <example>
/// <para>Release an image, and watch it for ten minutes.</para>
/// <code>Update-HaWorkload -Namespace payments -Name api -Image registry.example.com/payments/api:1.42.0 -ObserveSeconds 600</code>
/// </example>
/// <example>
/// <para>See the steps first.</para>
/// <code>Update-HaWorkload -Namespace payments -Name api -Image registry.example.com/payments/api:1.42.0 -WhatIf</code>
/// </example>
[Cmdlet(VerbsData.Update, "HaWorkload", SupportsShouldProcess = true)]
[OutputType(typeof(OperationResult))]
[OutputType(typeof(OperationPlan))]
public sealed class UpdateHaWorkloadCommand : WorkloadCmdlet
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

    /// <summary>The new image, with a tag or digest.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Image { get; set; } = null!;

    /// <summary>The container whose image changes. Default: the only one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Container { get; set; }

    /// <summary>Kind of the workload, where several of one name exist.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateSet("Deployment", "StatefulSet", "DaemonSet")]
    public string? Kind { get; set; }

    /// <summary>How long the update may take to become ready, in seconds. A rollback is given ten minutes at least.</summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 600;

    /// <summary>How long it is watched after it is ready, in seconds.</summary>
    [Parameter]
    [ValidateRange(0, 86400)]
    public int ObserveSeconds { get; set; } = 300;

    /// <summary>Share of requests that may fail while it is watched: 0.01 is 1 %.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double MaxErrorRatio { get; set; } = 0.01;

    /// <summary>Highest 99th percentile of the latency while it is watched. Default: latency is not judged.</summary>
    [Parameter]
    [ValidateRange(1, 600000)]
    public int? MaxLatencyMilliseconds { get; set; }

    protected override async Task ProcessAsync() => await OperateAsync(new UpdateWorkload(
        await FindWorkloadAsync(Namespace, Name, Kind), Image, Container, TimeSpan.FromSeconds(TimeoutSeconds), TimeSpan.FromSeconds(ObserveSeconds), MaxErrorRatio,
        MaxLatencyMilliseconds is { } latency ? TimeSpan.FromMilliseconds(latency) : null));
}
