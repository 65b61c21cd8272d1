using HaCluster.Cmdlets.Sessions;
using HaCluster.Operations.Workloads;

namespace HaCluster.Cmdlets.Running;

/// <summary>A cmdlet that changes one workload.</summary>
public abstract class WorkloadCmdlet : OperationCmdlet
{
    /// <summary>The workload of this name; without a namespace the only one in the cluster.</summary>
    /// <exception cref="HaClusterException">There is none, or several.</exception>
    private protected async Task<WorkloadReference> FindWorkloadAsync(string? @namespace, string name, string? kind)
    {
        if (@namespace is not null)
            return new WorkloadReference(@namespace, name, kind);
        var view = await Beside(ClusterEngine.ViewsOf(Session()).ReadWorkloadsAsync);
        var found = view.Items.Where(one => string.Equals(one.Name, name, StringComparison.Ordinal) && (kind is null || one.Kind == kind)).ToList();
        return found switch
        {
            [var only] => new WorkloadReference(only.Namespace, only.Name, only.Kind),
            [] => throw new HaClusterException(FailureKind.NotFound, "", $"workload {name}", "no namespace has one of this name", "Get-HaWorkload lists them"),
            _ => throw Errors.InvalidInput(
                $"workload {name}", $"several have this name: {string.Join(", ", found.Select(one => $"{one.Kind} {one.Namespace}/{one.Name}"))}", "Say which with -Namespace and -Kind"),
        };
    }
}
