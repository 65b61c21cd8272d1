using System.Globalization;
using System.Text.Json.Nodes;
using HaCluster.Simulation.Model;
using HaCluster.Simulation.Running.State;
using HaCluster.Simulation.Running.Status;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.World;

/// <summary>Pods as JSON: what a controller makes of a template, and what scheduler and kubelet write into the status.</summary>
internal static class PodObjects
{
    /// <summary>Resources that a pod of the best class limits.</summary>
    private static readonly string[] Guaranteed = ["cpu", "memory"];

    private const string NoImage = "not-modelled";

    /// <summary>The pod that a controller creates from a template.</summary>
    /// <param name="owner">The ReplicaSet or other controller.</param>
    public static JsonObject Make(Workload workload, PodStatus pod, JsonObject template, StoredObject owner)
    {
        var metadata = template["metadata"]?.DeepClone().AsObject() ?? [];
        var labels = metadata.Member("labels");
        metadata["name"] = pod.Pod.Name;
        metadata["namespace"] = workload.Namespace;
        metadata["generateName"] = $"{owner.Name}-";
        metadata["ownerReferences"] = new JsonArray(Owner(owner));
        var hash = PodNames.HashOf(workload, pod.Revision);
        switch (workload.Kind)
        {
            case WorkloadKind.StatefulSet:
                metadata.Remove("generateName");
                labels["controller-revision-hash"] = $"{workload.Name}-{hash}";
                labels["statefulset.kubernetes.io/pod-name"] = pod.Pod.Name;
                labels["apps.kubernetes.io/pod-index"] = pod.Pod.Ordinal.ToString(CultureInfo.InvariantCulture);
                break;
            case WorkloadKind.DaemonSet:
                labels["controller-revision-hash"] = hash;
                break;
            case WorkloadKind.Job:
                labels["batch.kubernetes.io/job-name"] = workload.Name;
                labels["job-name"] = workload.Name;
                labels["batch.kubernetes.io/controller-uid"] = owner.Uid;
                labels["controller-uid"] = owner.Uid;
                break;
            default:
                if (workload.ObjectKind == "Deployment")
                    labels["pod-template-hash"] = hash;
                break;
        }

        var spec = template["spec"]?.DeepClone().AsObject() ?? [];
        Complete(workload, pod, spec);
        return Json.Map(("apiVersion", "v1"), ("kind", "Pod"), ("metadata", metadata), ("spec", spec));
    }

    public static JsonObject Owner(StoredObject owner) => Json.Map(
        ("apiVersion", owner.Kind.ApiVersion), ("kind", owner.Kind.Kind), ("name", owner.Name), ("uid", owner.Uid), ("controller", true), ("blockOwnerDeletion", true));

    /// <summary>Containers of charts have no image, because only their requests are modelled.</summary>
    public static void NameImages(JsonObject spec)
    {
        foreach (var container in Containers(spec, "containers").Concat(Containers(spec, "initContainers")))
        {
            if ((string?)container["image"] is null or "")
                container["image"] = $"{NoImage}/{(string?)container["name"] ?? "main"}";
        }
    }

    public static JsonObject Status(JsonObject spec, PodStatus pod, PodRecord record, string now, string? hostAddress, bool isNodeLost)
    {
        var isScheduled = pod.Node is not null;
        var isStarted = pod.Stage is PodStage.Starting or PodStage.Running;
        var isReady = pod.IsReady && !pod.IsTerminating;
        var since = Stamp(record.ReadyChangedAt ?? record.CreatedAt);
        var conditions = new JsonArray(isScheduled
            ? Condition("PodScheduled", true, Stamp(record.ScheduledAt ?? record.CreatedAt))
            : Condition("PodScheduled", false, Stamp(record.CreatedAt), "Unschedulable", pod.Reason ?? "not tried yet"));
        if (isScheduled)
        {
            var names = string.Join(" ", Containers(spec, "containers").Select(container => (string?)container["name"]));
            conditions.Add(Condition("PodReadyToStartContainers", isStarted, Stamp(record.StartedAt ?? record.CreatedAt)));
            conditions.Add(Condition("Initialized", true, Stamp(record.ScheduledAt ?? record.CreatedAt)));
            conditions.Add(isReady ? Condition("ContainersReady", true, since) : Condition("ContainersReady", false, since, "ContainersNotReady", $"containers with unready status: [{names}]"));
            conditions.Add(isReady ? Condition("Ready", true, since) : Condition("Ready", false, since, "ContainersNotReady", $"containers with unready status: [{names}]"));
        }

        return Json.Map(
            ("phase", isStarted ? "Running" : "Pending"),
            ("conditions", conditions),
            ("reason", isNodeLost && pod.IsTerminating ? "NodeLost" : null),
            ("hostIP", isScheduled ? hostAddress : null),
            ("podIP", isStarted ? record.Address : null),
            ("podIPs", isStarted ? new JsonArray(Json.Map(("ip", record.Address))) : null),
            ("nominatedNodeName", pod.Nominated),
            ("startTime", isScheduled ? Stamp(record.ScheduledAt ?? record.CreatedAt) : null),
            ("qosClass", QosClass(spec)),
            ("initContainerStatuses", isScheduled && Containers(spec, "initContainers").Any() ? Json.List(Containers(spec, "initContainers").Select(container => InitStatus(container, record, isStarted, now))) : null),
            ("containerStatuses", isScheduled ? Json.List(Containers(spec, "containers").Select(container => ContainerStatus(container, pod, record, isStarted))) : null));
    }

    /// <summary>Its containers have ended, and it keeps its node.</summary>
    public static void End(JsonObject value, PodRecord record, bool isSuccess, string now)
    {
        var status = value.Member("status");
        status["phase"] = isSuccess ? "Succeeded" : "Failed";
        foreach (var condition in (status["conditions"] as JsonArray ?? []).OfType<JsonObject>().Where(one => (string?)one["type"] is "Ready" or "ContainersReady" or "PodReadyToStartContainers"))
        {
            (condition["status"], condition["lastTransitionTime"]) = ("False", now);
            if ((string?)condition["type"] != "PodReadyToStartContainers")
                condition["reason"] = isSuccess ? "PodCompleted" : "PodFailed";
        }

        foreach (var container in (status["containerStatuses"] as JsonArray ?? []).OfType<JsonObject>())
        {
            (container["ready"], container["started"]) = (false, false);
            container["state"] = Json.Map(("terminated", Json.Map(
                ("exitCode", isSuccess ? 0 : 1), ("reason", isSuccess ? "Completed" : "Error"), ("startedAt", Stamp(record.StartedAt ?? record.CreatedAt)), ("finishedAt", now))));
        }
    }

    public static string Stamp(DateTimeOffset time) => ObjectStore.Timestamp(time);

    public static JsonObject Condition(string type, bool status, string since, string? reason = null, string? message = null) => Json.Map(
        ("type", type), ("status", status ? "True" : "False"), ("lastProbeTime", null), ("lastTransitionTime", since), ("reason", reason), ("message", message));

    private static void Complete(Workload workload, PodStatus pod, JsonObject spec)
    {
        NameImages(spec);
        spec["restartPolicy"] ??= "Always";
        spec["schedulerName"] ??= "default-scheduler";
        spec["serviceAccountName"] ??= "default";
        spec["terminationGracePeriodSeconds"] ??= 30;
        spec["dnsPolicy"] ??= "ClusterFirst";
        spec["priority"] ??= pod.Pod.Spec.Priority;
        if (pod.Pod.Spec.PriorityClass is { } priority)
            spec["priorityClassName"] = priority;
        if (pod.Node is not null)
            spec["nodeName"] = pod.Node;
        if (workload.Kind == WorkloadKind.StatefulSet)
        {
            spec["hostname"] ??= pod.Pod.Name;
            if (spec["volumes"] is not JsonArray volumes)
                spec["volumes"] = volumes = [];
            foreach (var claim in pod.Pod.Spec.Volumes.Where(claim => claim.Owner == ClaimOwner.StatefulSet))
            {
                volumes.Add(Json.Map(
                    ("name", claim.Name), ("persistentVolumeClaim", Json.Map(("claimName", claim.ObjectName(pod.Pod.Name))))));
            }
        }

        AddTolerations(spec);
    }

    /// <summary>What admission adds: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions</summary>
    private static void AddTolerations(JsonObject spec)
    {
        if (spec["tolerations"] is not JsonArray tolerations)
            spec["tolerations"] = tolerations = [];
        foreach (var key in new[] { Taint.NotReady.Key, Taint.Unreachable.Key })
        {
            if (!tolerations.OfType<JsonObject>().Any(one => (string?)one["key"] == key || ((string?)one["key"] is null or "" && (string?)one["operator"] == "Exists")))
                tolerations.Add(Json.Map(("key", key), ("operator", "Exists"), ("effect", "NoExecute"), ("tolerationSeconds", 300)));
        }
    }

    private static JsonObject ContainerStatus(JsonObject container, PodStatus pod, PodRecord record, bool isStarted)
    {
        var image = (string?)container["image"] ?? NoImage;
        var isReady = pod.IsReady && !pod.IsTerminating;
        var state = !isStarted
            ? Json.Map(("waiting", Json.Map(("reason", "ContainerCreating"))))
            : Json.Map(("running", Json.Map(("startedAt", Stamp(record.StartedAt ?? record.CreatedAt)))));
        return Json.Map(
            ("name", (string?)container["name"]), ("image", image), ("imageID", isStarted ? $"{image}@sha256:simulated" : ""), ("ready", isReady), ("started", isStarted),
            ("restartCount", record.Restarts), ("state", state), ("lastState", new JsonObject()));
    }

    private static JsonObject InitStatus(JsonObject container, PodRecord record, bool isStarted, string now)
    {
        var image = (string?)container["image"] ?? NoImage;
        var isSidecar = (string?)container["restartPolicy"] == "Always";
        var state = !isStarted ? Json.Map(("waiting", Json.Map(("reason", "PodInitializing"))))
            : isSidecar ? Json.Map(("running", Json.Map(("startedAt", Stamp(record.StartedAt ?? record.CreatedAt)))))
            : Json.Map(("terminated", Json.Map(("exitCode", 0), ("reason", "Completed"), ("finishedAt", now))));
        return Json.Map(
            ("name", (string?)container["name"]), ("image", image), ("imageID", ""), ("ready", isStarted), ("started", isStarted && isSidecar), ("restartCount", 0), ("state", state), ("lastState", new JsonObject()));
    }

    /// <summary>https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/</summary>
    private static string QosClass(JsonObject spec)
    {
        var containers = Containers(spec, "containers").Select(container => container["resources"] as JsonObject).ToList();
        if (containers.All(resources => resources?["requests"] is not JsonObject { Count: > 0 } && resources?["limits"] is not JsonObject { Count: > 0 }))
            return "BestEffort";
        return containers.All(resources => Guaranteed.All(name => resources?["limits"]?[name] is { } limit
            && ((resources["requests"]?[name]) is not { } request || JsonNode.DeepEquals(request, limit)))) ? "Guaranteed" : "Burstable";
    }

    private static IEnumerable<JsonObject> Containers(JsonObject spec, string kind) => (spec[kind] as JsonArray)?.OfType<JsonObject>() ?? [];
}
