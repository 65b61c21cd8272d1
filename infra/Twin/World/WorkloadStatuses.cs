using System.Text.Json.Nodes;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Running.Status;
using HaCluster.Twin.World.Batch;

namespace HaCluster.Twin.World;

/// <summary>The <c>status</c> of workloads, as their controllers write it.</summary>
internal static class WorkloadStatuses
{
    /// <summary><c>progressDeadlineSeconds</c> of a Deployment that sets none.</summary>
    private const long DefaultDeadline = 600;

    public static JsonObject Of(World world, WorkloadRecord record, IReadOnlyList<RevisionStatus> revisions, IReadOnlyCollection<PodStatus> pods, DateTimeOffset now)
    {
        var active = pods.Where(pod => !pod.IsTerminating).ToList();
        return record.Workload.Kind switch
        {
            WorkloadKind.StatefulSet => Stateful(world, record, active, revisions[^1].Revision),
            WorkloadKind.DaemonSet => Daemon(world, record, active, revisions[^1].Revision),
            WorkloadKind.Job => record.Job is { } progress ? Job(progress, active, now) : [],
            WorkloadKind.Pod => [],
            _ => record.Workload.ObjectKind == "Deployment" ? Deployment(world, record, active, revisions[^1].Revision, now) : Set(record, active),
        };
    }

    /// <summary>Conditions keep the time of their last change.</summary>
    public static JsonObject Since(JsonObject status, JsonObject? before)
    {
        foreach (var condition in (status["conditions"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if ((before?["conditions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(one => (string?)one["type"] == (string?)condition["type"]
                && (string?)one["status"] == (string?)condition["status"]) is not { } same)
                continue;
            if (same["lastTransitionTime"] is { } time)
                condition["lastTransitionTime"] = time.DeepClone();
            if ((string?)same["reason"] == (string?)condition["reason"] && same["lastUpdateTime"] is { } update)
                condition["lastUpdateTime"] = update.DeepClone();
        }

        return status.DeepClone().AsObject();
    }

    private static JsonObject Deployment(World world, WorkloadRecord record, List<PodStatus> pods, int current, DateTimeOffset now)
    {
        var workload = record.Workload;
        var (updated, available) = (pods.Count(pod => pod.Revision == current), pods.Count(pod => pod.IsAvailable));
        var progress = pods.Count(pod => pod.Revision == current && pod.IsAvailable) - pods.Count(pod => pod.Revision != current);
        if (progress != record.Progress)
            (record.Progress, record.ProgressedAt) = (progress, now);
        var stamp = PodObjects.Stamp(now);
        var isComplete = updated == workload.Replicas && pods.Count == workload.Replicas && available == workload.Replicas;
        var least = workload.Replicas - workload.MaxUnavailable;
        var deadline = world.Store.Find(record.Kind, workload.Namespace, workload.Name)?.Number("spec", "progressDeadlineSeconds") ?? DefaultDeadline;
        if (isComplete)
            record.CompletedRevision = current;
        // In virtual time, as the pods start.
        var isLate = record.CompletedRevision != current && (now - record.ProgressedAt) * world.Clock.Speed > TimeSpan.FromSeconds(deadline);
        var refusal = world.Run.RefusalOf(workload);
        var conditions = new JsonArray(
            Condition("Available", available >= least, stamp, available >= least ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable", available >= least ? "Deployment has minimum availability." : "Deployment does not have minimum availability."),
            isLate ? Condition("Progressing", false, stamp, "ProgressDeadlineExceeded", $"Deployment \"{workload.Name}\" has timed out progressing.")
            : isComplete ? Condition("Progressing", true, stamp, "NewReplicaSetAvailable", $"Deployment \"{workload.Name}\" has successfully progressed.")
            : Condition("Progressing", true, stamp, "ReplicaSetUpdated", $"Deployment \"{workload.Name}\" is progressing."));
        if (refusal is not null)
            conditions.Add(Condition("ReplicaFailure", true, stamp, "FailedCreate", refusal));
        return Json.Map(
            ("observedGeneration", record.Generation), ("replicas", pods.Count), ("updatedReplicas", updated), ("readyReplicas", pods.Count(pod => pod.IsReady)),
            ("availableReplicas", available), ("unavailableReplicas", Math.Max(0, Math.Max(pods.Count, workload.Replicas) - available)), ("conditions", conditions));
    }

    private static JsonObject Set(WorkloadRecord record, List<PodStatus> pods) => Json.Map(
        ("observedGeneration", record.Generation), ("replicas", pods.Count), ("fullyLabeledReplicas", pods.Count), ("readyReplicas", pods.Count(pod => pod.IsReady)),
        ("availableReplicas", pods.Count(pod => pod.IsAvailable)));

    private static JsonObject Stateful(World world, WorkloadRecord record, List<PodStatus> pods, int current)
    {
        // An update by OnDelete never ends for the controller: https://github.com/kubernetes/kubernetes/issues/73492
        if (record.SettledRevision is null || (!record.Workload.UpdatesOnDelete && !world.Run.IsUpdating(record.Workload)))
            record.SettledRevision = current;
        var settled = record.SettledRevision.Value;
        return Json.Map(
            ("observedGeneration", record.Generation), ("replicas", pods.Count), ("readyReplicas", pods.Count(pod => pod.IsReady)),
            ("currentReplicas", pods.Count(pod => pod.Revision == settled)), ("updatedReplicas", pods.Count(pod => pod.Revision == current)), ("availableReplicas", pods.Count(pod => pod.IsAvailable)),
            ("currentRevision", $"{record.Workload.Name}-{PodNames.HashOf(record.Workload, settled)}"), ("updateRevision", $"{record.Workload.Name}-{PodNames.HashOf(record.Workload, current)}"),
            ("collisionCount", 0));
    }

    private static JsonObject Daemon(World world, WorkloadRecord record, List<PodStatus> pods, int current)
    {
        var desired = world.Run.StatusOf(record.Workload).Desired;
        var available = pods.Count(pod => pod.IsAvailable);
        return Json.Map(
            ("observedGeneration", record.Generation), ("desiredNumberScheduled", desired), ("currentNumberScheduled", pods.Count), ("numberMisscheduled", 0),
            ("numberReady", pods.Count(pod => pod.IsReady)), ("updatedNumberScheduled", pods.Count(pod => pod.Revision == current)), ("numberAvailable", available),
            ("numberUnavailable", Math.Max(0, desired - available)));
    }

    /// <summary>https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions</summary>
    private static JsonObject Job(JobProgress progress, List<PodStatus> pods, DateTimeOffset now)
    {
        var stamp = PodObjects.Stamp(progress.EndedAt ?? now);
        JsonArray? conditions = progress switch
        {
            { StartedAt: null } => new(PodObjects.Condition("Suspended", true, stamp, "JobSuspended", "Job suspended")),
            { IsOver: false } => null,
            { Failure: { } failure } => new(
                PodObjects.Condition("FailureTarget", true, stamp, failure.Reason, failure.Message), PodObjects.Condition("Failed", true, stamp, failure.Reason, failure.Message)),
            _ => new(
                PodObjects.Condition("SuccessCriteriaMet", true, stamp, "CompletionsReached", "Reached expected number of succeeded pods"),
                PodObjects.Condition("Complete", true, stamp, "CompletionsReached", "Reached expected number of succeeded pods")),
        };
        return Json.Map(
            ("active", progress.IsOver || pods.Count == 0 ? null : pods.Count), ("ready", pods.Count(pod => pod.IsReady)), ("terminating", 0), ("uncountedTerminatedPods", new JsonObject()),
            ("succeeded", progress.Succeeded > 0 ? progress.Succeeded : null), ("failed", progress.Failed > 0 ? progress.Failed : null),
            ("startTime", progress.StartedAt is { } started ? PodObjects.Stamp(started) : null),
            ("completionTime", progress is { IsOver: true, Failure: null } ? stamp : null), ("conditions", conditions));
    }

    private static JsonObject Condition(string type, bool status, string stamp, string reason, string message) => Json.Map(
        ("type", type), ("status", status ? "True" : "False"), ("lastUpdateTime", stamp), ("lastTransitionTime", stamp), ("reason", reason), ("message", message));
}
