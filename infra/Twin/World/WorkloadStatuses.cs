using System.Text.Json.Nodes;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running;

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
            WorkloadKind.Job => record.Workload.ObjectKind == "CronJob" ? [] : Job(record, active),
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
        var updated = pods.Count(pod => pod.Revision == current);
        var before = world.Run.IsUpdating(record.Workload) ? pods.Where(pod => pod.Revision != current).Select(pod => pod.Revision).DefaultIfEmpty(current).Min() : current;
        return Json.Map(
            ("observedGeneration", record.Generation), ("replicas", pods.Count), ("readyReplicas", pods.Count(pod => pod.IsReady)),
            ("currentReplicas", world.Run.IsUpdating(record.Workload) ? pods.Count - updated : updated), ("updatedReplicas", updated), ("availableReplicas", pods.Count(pod => pod.IsAvailable)),
            ("currentRevision", $"{record.Workload.Name}-{PodNames.HashOf(record.Workload, before)}"), ("updateRevision", $"{record.Workload.Name}-{PodNames.HashOf(record.Workload, current)}"),
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

    /// <summary>Pods of a job run until somebody deletes it: how long its program takes is not known. A planned one has ended.</summary>
    private static JsonObject Job(WorkloadRecord record, List<PodStatus> pods) => record.Workload.Replicas == 0 && pods.Count == 0 ? Json.Map(
        ("succeeded", 1), ("startTime", PodObjects.Stamp(record.ProgressedAt)), ("completionTime", PodObjects.Stamp(record.ProgressedAt)),
        ("conditions", new JsonArray(PodObjects.Condition("Complete", true, PodObjects.Stamp(record.ProgressedAt), "CompletionsReached", "Reached expected number of succeeded pods")))) : Json.Map(
        ("active", pods.Count), ("ready", pods.Count(pod => pod.IsReady)), ("startTime", PodObjects.Stamp(record.ProgressedAt)));

    private static JsonObject Condition(string type, bool status, string stamp, string reason, string message) => Json.Map(
        ("type", type), ("status", status ? "True" : "False"), ("lastUpdateTime", stamp), ("lastTransitionTime", stamp), ("reason", reason), ("message", message));
}
