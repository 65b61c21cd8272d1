using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Running;
using k8s.Models;

namespace HaCluster.Operations.Workloads;

/// <summary>A Deployment, StatefulSet or DaemonSet, as far as operations need to see it.</summary>
/// <param name="Replicas">Wanted; of a DaemonSet the nodes that should have one.</param>
/// <param name="Progress">What a rollout waits for, as <c>kubectl rollout status</c> sees it; null when there is none under way.</param>
/// <param name="IsStuck">The rollout has given up (<c>ProgressDeadlineExceeded</c>).</param>
/// <param name="UpdatesOnDelete">Pods are replaced only when someone deletes them.</param>
internal sealed record WorkloadReading(
    string Kind, string Namespace, string Name, int Replicas, int Ready, V1PodTemplateSpec Template, V1LabelSelector Selector, string ResourceVersion, string? Progress, bool IsStuck,
    bool UpdatesOnDelete)
{
    /// <summary>Of a Deployment: its controller rolls nothing out until someone resumes it.</summary>
    public bool IsPaused { get; private init; }

    /// <summary>Why no change of its pods can be rolled out; null when one can.</summary>
    public Refusal? PausedRefusal => !IsPaused ? null : new Refusal
    {
        Code = "RolloutPaused",
        Kind = FailureKind.InvalidInput,
        Reason = $"the rollout of {this} is paused: no change of its pods would be rolled out",
        Advice = $"Resume it: kubectl rollout resume deployment/{Name} --namespace {Namespace}",
    };

    public static async Task<IReadOnlyList<WorkloadReading>> AllAsync(StepContext context, CancellationToken cancellationToken, string? @namespace = null)
    {
        var scope = new ListScope(@namespace);
        var deployments = context.Kubernetes.ListAsync(Kinds.Deployments, scope, cancellationToken);
        var sets = context.Kubernetes.ListAsync(Kinds.StatefulSets, scope, cancellationToken);
        var agents = context.Kubernetes.ListAsync(Kinds.DaemonSets, scope, cancellationToken);
        return [.. (await deployments).Items.Select(Of), .. (await sets).Items.Select(Of), .. (await agents).Items.Select(Of)];
    }

    /// <returns>Null when there is none.</returns>
    public static async Task<WorkloadReading?> FindAsync(StepContext context, string kind, string @namespace, string name, CancellationToken cancellationToken) => kind switch
    {
        "Deployment" => await context.Kubernetes.FindAsync(Kinds.Deployments, @namespace, name, cancellationToken) is { } found ? Of(found) : null,
        "StatefulSet" => await context.Kubernetes.FindAsync(Kinds.StatefulSets, @namespace, name, cancellationToken) is { } found ? Of(found) : null,
        "DaemonSet" => await context.Kubernetes.FindAsync(Kinds.DaemonSets, @namespace, name, cancellationToken) is { } found ? Of(found) : null,
        _ => null,
    };

    public static async Task<WorkloadReading> ReadAsync(StepContext context, string kind, string @namespace, string name, CancellationToken cancellationToken) =>
        await FindAsync(context, kind, @namespace, name, cancellationToken) ?? throw new HaClusterException(
            FailureKind.NotFound, $"GET {kind.ToLowerInvariant()}s", $"{@namespace}/{name}", "there is no such workload", "Get-HaWorkload lists them");

    /// <summary>The one that a person means, or why it cannot be told.</summary>
    public static async Task<(WorkloadReading? Workload, Refusal? Refusal)> ResolveAsync(StepContext context, WorkloadReference reference, CancellationToken cancellationToken)
    {
        var all = await AllAsync(context, cancellationToken, reference.Namespace);
        var found = all.Where(workload => workload.Name == reference.Name && (reference.Kind is null || string.Equals(workload.Kind, reference.Kind, StringComparison.OrdinalIgnoreCase))).ToList();
        return found.Count == 1 ? (found[0], null) : (null, new Refusal
        {
            Code = found.Count == 0 ? "WorkloadUnknown" : "WorkloadAmbiguous",
            Kind = found.Count == 0 ? FailureKind.NotFound : FailureKind.InvalidInput,
            Reason = found.Count == 0 ? $"there is no workload {reference}" : $"{reference} is {string.Join(" and ", found.Select(workload => $"a {workload.Kind}"))}",
            Advice = found.Count > 0 ? "Name the kind" : all.Count > 0 ? $"Namespace {reference.Namespace} has {string.Join(", ", all.Select(workload => workload.Name).Order(StringComparer.Ordinal))}" : $"Namespace {reference.Namespace} has none",
        });
    }

    public async Task<IReadOnlyList<V1Pod>> PodsAsync(StepContext context, CancellationToken cancellationToken) =>
        [.. (await context.Kubernetes.ListAsync(Kinds.Pods, ListScope.In(Namespace), cancellationToken)).Items.Where(pod => Drainage.Selects(Selector, pod))];

    public Task PatchAsync(StepContext context, JsonObject patch, CancellationToken cancellationToken) => Kind switch
    {
        "Deployment" => context.Kubernetes.PatchAsync(Kinds.Deployments, Namespace, Name, patch, cancellationToken),
        "StatefulSet" => context.Kubernetes.PatchAsync(Kinds.StatefulSets, Namespace, Name, patch, cancellationToken),
        _ => context.Kubernetes.PatchAsync(Kinds.DaemonSets, Namespace, Name, patch, cancellationToken),
    };

    public Task SetScaleAsync(StepContext context, int replicas, CancellationToken cancellationToken) => Kind == "Deployment"
        ? context.Kubernetes.SetScaleAsync(Kinds.Deployments, Namespace, Name, replicas, cancellationToken)
        : context.Kubernetes.SetScaleAsync(Kinds.StatefulSets, Namespace, Name, replicas, cancellationToken);

    public string Subject => $"{Kind.ToLowerInvariant()}/{Namespace}/{Name}";

    public override string ToString() => $"{Kind} {Namespace}/{Name}";

    /// <summary>https://github.com/kubernetes/kubernetes/blob/v1.35.0/staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go</summary>
    private static WorkloadReading Of(V1Deployment found)
    {
        var status = found.Status ?? new V1DeploymentStatus();
        var wanted = found.Spec.Replicas ?? 1;
        var updated = status.UpdatedReplicas ?? 0;
        var isStuck = (status.ObservedGeneration ?? 0) >= (found.Metadata.Generation ?? 0) && status.Conditions?.Any(condition => condition is { Type: "Progressing", Reason: "ProgressDeadlineExceeded" }) == true;
        var progress = (status.ObservedGeneration ?? 0) < (found.Metadata.Generation ?? 0) ? "its controller has not seen the change yet"
            : updated < wanted ? $"{updated} of {wanted} replicas updated"
            : (status.Replicas ?? 0) > updated ? $"{(status.Replicas ?? 0) - updated} old replicas to end"
            : (status.AvailableReplicas ?? 0) < updated ? $"{status.AvailableReplicas ?? 0} of {updated} updated replicas available"
            : null;
        return new("Deployment", found.Metadata.NamespaceProperty, found.Metadata.Name, wanted, status.ReadyReplicas ?? 0, found.Spec.Template, found.Spec.Selector, found.Metadata.ResourceVersion, progress, isStuck, false)
        {
            IsPaused = found.Spec.Paused == true,
        };
    }

    private static WorkloadReading Of(V1StatefulSet found)
    {
        var status = found.Status ?? new V1StatefulSetStatus();
        var wanted = found.Spec.Replicas ?? 1;
        var onDelete = found.Spec.UpdateStrategy?.Type == "OnDelete";
        var partition = found.Spec.UpdateStrategy?.RollingUpdate?.Partition ?? 0;
        var progress = (status.ObservedGeneration ?? 0) < (found.Metadata.Generation ?? 0) ? "its controller has not seen the change yet"
            : !onDelete && (status.UpdatedReplicas ?? 0) < wanted - partition && status.UpdateRevision != status.CurrentRevision ? $"{status.UpdatedReplicas ?? 0} of {wanted - partition} replicas updated"
            : (status.ReadyReplicas ?? 0) < wanted ? $"{status.ReadyReplicas ?? 0} of {wanted} replicas ready"
            : null;
        return new("StatefulSet", found.Metadata.NamespaceProperty, found.Metadata.Name, wanted, status.ReadyReplicas ?? 0, found.Spec.Template, found.Spec.Selector, found.Metadata.ResourceVersion, progress, false, onDelete);
    }

    private static WorkloadReading Of(V1DaemonSet found)
    {
        var status = found.Status ?? new V1DaemonSetStatus();
        var wanted = status.DesiredNumberScheduled;
        var onDelete = found.Spec.UpdateStrategy?.Type == "OnDelete";
        var progress = (status.ObservedGeneration ?? 0) < (found.Metadata.Generation ?? 0) ? "its controller has not seen the change yet"
            : !onDelete && (status.UpdatedNumberScheduled ?? 0) < wanted ? $"{status.UpdatedNumberScheduled ?? 0} of {wanted} pods updated"
            : (status.NumberAvailable ?? 0) < wanted ? $"{status.NumberAvailable ?? 0} of {wanted} pods available"
            : null;
        return new("DaemonSet", found.Metadata.NamespaceProperty, found.Metadata.Name, wanted, status.NumberReady, found.Spec.Template, found.Spec.Selector, found.Metadata.ResourceVersion, progress, false, onDelete);
    }
}
