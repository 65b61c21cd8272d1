using System.Management.Automation;
using HaCluster.Cmdlets.Completion;
using HaCluster.Cmdlets.Running;
using HaCluster.Cmdlets.Sessions;

namespace HaCluster.Cmdlets.Clusters;

/// <summary>Shows Deployments, StatefulSets and DaemonSets, with their ready replicas by zone.</summary>
/// <example>
/// <para>What is below strength.</para>
/// <code>Get-HaWorkload -BelowStrength</code>
/// </example>
/// <example>
/// <para>All workloads of a namespace.</para>
/// <code>Get-HaWorkload -Namespace payments</code>
/// </example>
[Cmdlet(VerbsCommon.Get, "HaWorkload")]
[OutputType(typeof(WorkloadStatus))]
public sealed class GetHaWorkloadCommand : ConnectedCmdlet
{
    /// <summary>Names of workloads; patterns are allowed.</summary>
    [Parameter(Position = 0)]
    [ArgumentCompleter(typeof(WorkloadCompleter))]
    [SupportsWildcards]
    public string[]? Name { get; set; }

    /// <summary>Only workloads of these namespaces.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(NamespaceCompleter))]
    [SupportsWildcards]
    public string[]? Namespace { get; set; }

    /// <summary>Only workloads of this kind.</summary>
    [Parameter]
    [ValidateSet("Deployment", "StatefulSet", "DaemonSet")]
    public string? Kind { get; set; }

    /// <summary>Only workloads with fewer ready replicas than wanted.</summary>
    [Parameter]
    public SwitchParameter BelowStrength { get; set; }

    protected override async Task ProcessAsync()
    {
        var view = await Beside(ClusterEngine.ViewsOf(Session()).ReadWorkloadsAsync);
        WriteMissing(view.Items, Name, workload => workload.Name, "workload");
        WriteMissing(view.Items, Namespace, workload => workload.Namespace, "namespace with workloads");
        WriteOf(Matching(Matching(view.Items, Name, workload => workload.Name), Namespace, workload => workload.Namespace)
            .Where(workload => (Kind is null || workload.Kind == Kind) && (!BelowStrength || workload.IsBelowStrength)), view.Unknown);
    }
}
