namespace HaCluster.Simulation.Model;

/// <summary>Something that keeps pods running.</summary>
public sealed record Workload
{
    public required WorkloadKind Kind { get; init; }

    /// <summary>What Kubernetes calls it, where <see cref="Kind"/> stands for several: <c>ReplicaSet</c>, <c>CronJob</c>.</summary>
    public string ObjectKind
    {
        get => field ?? Kind.ToString();
        init;
    }

    /// <summary>The object of an operator's own kind that it is made from, and made from again when somebody changes it; null without an operator.</summary>
    public OperatorObject? MadeFrom { get; init; }

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Not used for a DaemonSet, which has one on each node that suits it.</summary>
    public int Replicas { get; init; } = 1;

    public required PodSpec Pods { get; init; }

    /// <summary>Whose pods they are, <c>spec.selector</c>: what is spread by default. Null for that of a workload without one, or when it is not known.</summary>
    public LabelSelector? Selector { get; init; }

    /// <summary>Pods that an update makes beyond <see cref="Replicas"/>.</summary>
    public int MaxSurge { get; init; }

    /// <summary>Pods that an update may take away before new ones are ready.</summary>
    public int MaxUnavailable { get; init; } = 1;

    /// <summary>Between ready and available.</summary>
    public TimeSpan MinReady { get; init; }

    /// <summary>A StatefulSet whose pods start and end side by side.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Ready replicas below which it does not serve: the objective that the proof holds it to.</summary>
    public int MinServing { get; init; } = 1;

    /// <summary>Where <see cref="MinServing"/> comes from, in words.</summary>
    public string ServingReason { get; init; } = "at least one";

    /// <summary>Time within which all replicas must be back after a failure; null for the cluster's objective.</summary>
    public TimeSpan? RecoveryObjective { get; init; }

    /// <summary>Who declares it.</summary>
    public required Origin Source { get; init; }

    /// <summary>The setting that changes <see cref="Replicas"/>; null when there is none.</summary>
    public string? ReplicasSetting { get; init; }

    /// <summary>Only files of manifests declare it: the settings of the stack know nothing of it and can promise nothing for it.</summary>
    public bool IsOfManifests => Source is Origin.File && ReplicasSetting is null;

    /// <summary>A HorizontalPodAutoscaler's upper bound; null without one.</summary>
    public int? MaxReplicas { get; init; }

    /// <summary>
    /// Why the API server refuses its pods, so that none of them ever exists (a priority or runtime class that is not there); null when it takes them.
    /// </summary>
    public string? Refused { get; init; }

    /// <summary>Why kube-scheduler never places its pods (another scheduler does, or gates hold them); null when it does.</summary>
    public string? NotScheduled { get; init; }

    /// <summary>Replicas that are there at rest: none of those that are refused or that kube-scheduler leaves alone.</summary>
    public bool HasPods => Refused is null && NotScheduled is null;

    /// <summary>A workload of another kind has the same name and namespace: the two are told apart by their kind.</summary>
    public bool HasNamesake { get; init; }

    public string Id => $"{Namespace}/{Name}";

    /// <summary>By name, which is unique; the rest of a declaration is too much to hash each time one is looked up.</summary>
    public override int GetHashCode() => HashCode.Combine(Kind, Namespace, Name);

    /// <summary>What a reader calls it.</summary>
    public override string ToString() => HasNamesake ? $"{ObjectKind} {Id}" : Id;
}

/// <summary>An object in the workload's namespace that describes the pods in its <c>spec</c>, such as a <c>Prometheus</c>.</summary>
public sealed record OperatorObject(string ApiVersion, string Kind, string Name);
