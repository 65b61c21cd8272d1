using System.Collections.Immutable;
using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Pods;
using HaCluster.Planning.Modelling.Volumes;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>Reads workloads from objects; null for kinds that run no pods.</summary>
internal sealed class WorkloadReader(ObjectIndex index, int nodes)
{
    public const string JobsRun = "Every Job counts as running; a CronJob that is not suspended counts as one running job.";

    // https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
    private static readonly IntOrPercent Quarter = new(25, IsPercent: true);

    public Workload? Read(ClusterObject subject) => subject.Kind switch
    {
        "Deployment" or "ReplicaSet" or "ReplicationController" => Replicated(subject),
        "StatefulSet" => Stateful(subject),
        "DaemonSet" => Daemon(subject),
        "Job" => Job(subject, subject.Spec),
        "CronJob" => Job(subject, subject.Spec.At("jobTemplate", "spec"), subject.Spec.At("suspend").IsTrue()),
        "Pod" => Base(subject, WorkloadKind.Pod, PodSpecReader.Read(new PropertyValue.Map(subject.Object.Content), index.Of(subject.Namespace)), 1),
        _ => null,
    };

    private Workload Replicated(ClusterObject subject)
    {
        var bounds = index.Bounds(subject);
        var replicas = bounds?.Min ?? subject.Spec.At("replicas").Integer() ?? 1;
        var workload = Base(subject, WorkloadKind.Deployment, Template(subject, subject.Spec), replicas) with { MaxReplicas = bounds?.Max };
        if (subject.Kind != "Deployment" || subject.Spec.At("strategy", "type").Text() == "Recreate")
            return workload with { MaxSurge = 0, MaxUnavailable = replicas };
        var update = subject.Spec.At("strategy", "rollingUpdate");
        var surge = Amount(update.At("maxSurge"), Quarter).Of(replicas);
        var unavailable = Amount(update.At("maxUnavailable"), Quarter).Of(replicas, roundsUp: false);
        // Both may round to zero; then the controller uses one unavailable pod (ResolveFenceposts in pkg/controller/deployment/util).
        return workload with { MaxSurge = surge, MaxUnavailable = surge + unavailable == 0 ? 1 : unavailable };
    }

    private Workload Stateful(ClusterObject subject)
    {
        var bounds = index.Bounds(subject);
        var replicas = bounds?.Min ?? subject.Spec.At("replicas").Integer() ?? 1;
        var unavailable = Amount(subject.Spec.At("updateStrategy", "rollingUpdate", "maxUnavailable"), new IntOrPercent(1, IsPercent: false));
        var pods = Template(subject, subject.Spec, new VolumeReader(index.Storage).Templates(subject.Spec.At("volumeClaimTemplates")));
        return Base(subject, WorkloadKind.StatefulSet, pods, replicas) with
        {
            MaxReplicas = bounds?.Max,
            MaxUnavailable = Math.Max(1, unavailable.Of(replicas)),
            Partition = subject.Spec.At("updateStrategy", "rollingUpdate", "partition").Integer() ?? 0,
            UpdatesOnDelete = UpdatesOnDelete(subject),
            IsParallel = subject.Spec.At("podManagementPolicy").Text() == "Parallel",
        };
    }

    private Workload Daemon(ClusterObject subject)
    {
        var update = subject.Spec.At("updateStrategy", "rollingUpdate");
        return Base(subject, WorkloadKind.DaemonSet, Template(subject, subject.Spec), 1) with
        {
            MaxSurge = Amount(update.At("maxSurge"), new IntOrPercent(0, false)).Of(nodes),
            MaxUnavailable = Amount(update.At("maxUnavailable"), new IntOrPercent(1, false)).Of(nodes),
            UpdatesOnDelete = UpdatesOnDelete(subject),
        };
    }

    /// <param name="isSuspended">A CronJob without a current job.</param>
    private Workload Job(ClusterObject subject, PropertyValue? spec, bool isSuspended = false)
    {
        var atOnce = spec.At("parallelism").Integer() ?? 1;
        var replicas = isSuspended || spec.At("suspend").IsTrue() ? 0 : Math.Min(atOnce, spec.At("completions").Integer() ?? atOnce);
        return Base(subject, WorkloadKind.Job, Template(subject, spec), replicas);
    }

    private PodSpec Template(ClusterObject subject, PropertyValue? spec, ImmutableArray<VolumeClaim> claims = default) =>
        PodSpecReader.Read(spec.At("template"), index.Of(subject.Namespace), claims);

    private static Workload Base(ClusterObject subject, WorkloadKind kind, PodSpec pods, int replicas) => new()
    {
        Kind = kind,
        ObjectKind = subject.Kind,
        MadeFrom = subject.MadeFrom,
        Namespace = subject.Namespace,
        Name = subject.Name,
        Replicas = replicas,
        Pods = pods,
        Refused = pods.Refused,
        Selector = kind is WorkloadKind.Deployment or WorkloadKind.StatefulSet ? Selector(subject) : null,
        MinReady = TimeSpan.FromSeconds(subject.Spec.At("minReadySeconds").Integer() ?? 0),
        Source = subject.Source,
    };

    private static bool UpdatesOnDelete(ClusterObject subject) => subject.Spec.At("updateStrategy", "type").Text() == "OnDelete";

    /// <summary>The selector of a ReplicationController is a map of labels.</summary>
    private static LabelSelector? Selector(ClusterObject subject) => subject.Kind == "ReplicationController"
        ? LabelSelector.Of(SelectorReader.Labels(subject.Spec.At("selector")))
        : SelectorReader.Selector(subject.Spec.At("selector"));

    private static IntOrPercent Amount(PropertyValue? value, IntOrPercent fallback) => PodAmount.Of(value) ?? fallback;
}
