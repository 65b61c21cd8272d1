namespace HaCluster.Simulation.Model;

/// <summary>A controller object with its pods, or a pod without a controller.</summary>
public sealed record Workload
{
    public required WorkloadKind Kind { get; init; }

    /// <summary>The Kubernetes kind, where <see cref="Kind"/> covers several: <c>ReplicaSet</c>, <c>CronJob</c>.</summary>
    public string ObjectKind
    {
        get => field ?? Kind.ToString();
        init;
    }

    /// <summary>The custom resource that an operator generates it from, and reverts changes to; null without an operator.</summary>
    public OperatorObject? MadeFrom { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Not used for a DaemonSet, which has one pod on each eligible node.</summary>
    public int Replicas { get; init; } = 1;

    public required PodSpec Pods { get; init; }

    /// <summary><c>spec.selector</c>, used by default spreading. Null when there is none or it is not known.</summary>
    public LabelSelector? Selector { get; init; }

    /// <summary>Pods that an update creates beyond <see cref="Replicas"/>.</summary>
    public int MaxSurge { get; init; }

    /// <summary>Pods that an update may remove before new ones are ready.</summary>
    public int MaxUnavailable { get; init; } = 1;

    /// <summary>Between ready and available.</summary>
    public TimeSpan MinReady { get; init; }

    /// <summary>Whether an update leaves the pods of a StatefulSet or DaemonSet as they are until somebody deletes them (<c>OnDelete</c>).</summary>
    public bool UpdatesOnDelete { get; init; }

    /// <summary>The first ordinal of a StatefulSet that an update reaches; lower ones keep the template from before it.</summary>
    public int Partition { get; init; }

    /// <summary>Whether the pods of a StatefulSet start and end in parallel.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Ready replicas below which it does not serve: the objective in the proof.</summary>
    public int MinServing { get; init; } = 1;

    /// <summary>The reason for <see cref="MinServing"/>, as text.</summary>
    public string ServingReason { get; init; } = "at least one";

    /// <summary>The id of the workload that serves the same: this one may be down as long as that one serves. Null when there is none.</summary>
    public string? AlsoServedBy { get; init; }

    /// <summary>Whether its pods may stay Pending by design: those of a job, and those that all others preempt.</summary>
    public bool MayWait => Kind == WorkloadKind.Job || Pods.Priority < 0;

    /// <summary>Time within which all replicas must be back after a failure; null for the cluster's objective.</summary>
    public TimeSpan? RecoveryObjective { get; init; }

    /// <summary>Its origin.</summary>
    public required Origin Source { get; init; }

    /// <summary>The setting that changes <see cref="Replicas"/>; null when there is none.</summary>
    public string? ReplicasSetting { get; init; }

    /// <summary>Whether only manifest files declare it, so that no setting of the stack applies to it.</summary>
    public bool IsOfManifests => Source is Origin.File && ReplicasSetting is null;

    /// <summary>A HorizontalPodAutoscaler's upper bound; null without one.</summary>
    public int? MaxReplicas { get; init; }

    /// <summary>
    /// Why the API server refuses its pods, so that none is created (a priority or runtime class that does not exist); null when it accepts them.
    /// </summary>
    public string? Refused { get; init; }

    /// <summary>Why kube-scheduler never places its pods (another scheduler does, or gates hold them); null when it does.</summary>
    public string? NotScheduled { get; init; }

    /// <summary>Replicas in the steady state: none if the pods are refused or not scheduled by kube-scheduler.</summary>
    public bool HasPods => Refused is null && NotScheduled is null;

    /// <summary>A workload of another kind has the same name and namespace: the two are told apart by their kind.</summary>
    public bool HasNamesake { get; init; }

    public string Id => $"{Namespace}/{Name}";

    /// <summary>Equality by the unique name, because hashing the whole declaration for each lookup is slow.</summary>
    public override int GetHashCode() => HashCode.Combine(Kind, Namespace, Name);

    /// <summary>Its name for readers.</summary>
    public override string ToString() => HasNamesake ? $"{ObjectKind} {Id}" : Id;
}

/// <summary>An object in the workload's namespace that describes the pods in its <c>spec</c>, such as a <c>Prometheus</c>.</summary>
public sealed record OperatorObject(string ApiVersion, string Kind, string Name);

public enum WorkloadKind
{
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
    Pod,
}
