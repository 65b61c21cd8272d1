using System.Globalization;
using System.Text.Json.Nodes;

namespace HaCluster.Operations.Tests.Worlds;

/// <summary>What controllers, scheduler, kubelets and AWS do in the fake world, one step at a time.</summary>
internal static class FakeControllers
{
    /// <summary>An annotation: for how many steps a deleted pod is still ending.</summary>
    public const string StepsToEnd = "fake/steps-to-end";

    public static void Step(FakeWorld world)
    {
        EndPods(world);
        foreach (var workload in world.All("deployments").ToList())
            Deploy(world, workload);
        foreach (var workload in world.All("statefulsets").ToList())
            RunSet(world, workload);
        Schedule(world);
        foreach (var workload in world.All("deployments").Concat(world.All("statefulsets")).ToList())
            Report(world, workload);
        foreach (var budget in world.All("poddisruptionbudgets").ToList())
            Report(world, budget, "budget");
        FakeSoftware.Step(world);
        StepAws(world);
    }

    /// <summary>With what goes along: all of a namespace, the snapshot in AWS of a snapshot object.</summary>
    public static void Delete(FakeWorld world, string plural, JsonObject subject)
    {
        world.Remove(plural, subject);
        var name = FakeWorld.Name(subject);
        if (plural == "namespaces")
        {
            foreach (var (key, inner) in world.Objects.Where(entry => entry.Value["metadata"]!["namespace"]?.GetValue<string>() == name).ToList())
                Delete(world, key.Split('/')[0], inner);
        }
        else if (plural == "volumesnapshots")
        {
            foreach (var content in world.All("volumesnapshotcontents").Where(one => (string?)one["spec"]!["volumeSnapshotRef"]?["name"] == name && (string?)one["spec"]!["deletionPolicy"] == "Delete").ToList())
                world.Remove("volumesnapshotcontents", content);
        }
    }

    public static bool IsReady(JsonObject subject) =>
        subject["metadata"]!["deletionTimestamp"] is null
        && subject["status"]?["conditions"]?.AsArray().Any(condition => condition!["type"]!.GetValue<string>() == "Ready" && condition["status"]!.GetValue<string>() == "True") == true;

    public static IEnumerable<JsonObject> PodsOf(FakeWorld world, JsonObject workload) =>
        world.All("pods").Where(pod => pod["metadata"]!["namespace"]!.GetValue<string>() == workload["metadata"]!["namespace"]!.GetValue<string>()
            && pod["metadata"]!["labels"]!["app"]!.GetValue<string>() == FakeWorld.Name(workload));

    private static void EndPods(FakeWorld world)
    {
        foreach (var pod in world.All("pods").Where(pod => pod["metadata"]!["deletionTimestamp"] is not null).ToList())
        {
            if (pod["metadata"]!["annotations"]?[StepsToEnd] is { } left && int.Parse((string)left!, CultureInfo.InvariantCulture) is > 0 and var steps)
            {
                pod["metadata"]!["annotations"]![StepsToEnd] = $"{steps - 1}";
                continue;
            }

            var node = pod["spec"]!["nodeName"]?.GetValue<string>() is { } name ? world.Find("nodes", null, name) : null;
            // The kubelet ends it; on a node that does not answer it stays, unless the node is gone or fenced.
            if (node is null || IsReady(node) || node["spec"]?["taints"]?.AsArray().Any(taint => taint!["key"]!.GetValue<string>().Contains("out-of-service", StringComparison.Ordinal)) == true)
                world.Remove("pods", pod);
        }
    }

    private static void Deploy(FakeWorld world, JsonObject workload)
    {
        var wanted = workload["spec"]!["replicas"]!.GetValue<int>();
        var pods = PodsOf(world, workload).Where(pod => pod["metadata"]!["deletionTimestamp"] is null).ToList();
        var hash = Hash(workload);
        var isNew = pods.ToLookup(pod => pod["metadata"]!["annotations"]!["hash"]!.GetValue<string>() == hash);
        var old = isNew[false].ToList();
        var fresh = isNew[true].ToList();
        if (old.Count > 0 && fresh.Count < wanted && fresh.All(IsReady))
        {
            // One new pod more, and an old one less when it is ready.
            Create(world, workload, $"{FakeWorld.Name(workload)}-{++world.Names}", hash);
            if (fresh.Count > 0)
                world.Remove("pods", old[0]);
        }
        else if (old.Count > 0 && fresh.Count >= wanted && fresh.All(IsReady))
        {
            world.Remove("pods", old[0]);
        }
        for (var missing = pods.Count; old.Count == 0 && missing < wanted; missing++)
            Create(world, workload, $"{FakeWorld.Name(workload)}-{++world.Names}", hash);
        for (var extra = pods.Count; old.Count == 0 && extra > wanted; extra--)
            world.Remove("pods", pods[extra - 1]);
    }

    private static void RunSet(FakeWorld world, JsonObject workload)
    {
        var wanted = workload["spec"]!["replicas"]!.GetValue<int>();
        var hash = Hash(workload);
        var start = workload["spec"]!["ordinals"]?["start"]?.GetValue<int>() ?? 0;
        foreach (var pod in PodsOf(world, workload).Where(pod => int.Parse(FakeWorld.Name(pod).Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture) is var own && (own < start || own >= start + wanted)).ToList())
            world.Remove("pods", pod);
        for (var ordinal = start; ordinal < start + wanted; ordinal++)
        {
            if (world.Find("pods", workload["metadata"]!["namespace"]!.GetValue<string>(), $"{FakeWorld.Name(workload)}-{ordinal}") is null)
                Create(world, workload, $"{FakeWorld.Name(workload)}-{ordinal}", hash);
        }
    }

    private static void Create(FakeWorld world, JsonObject workload, string name, string hash)
    {
        var spec = workload["spec"]!["template"]!["spec"]!.DeepClone().AsObject();
        if (workload["kind"]!.GetValue<string>() == "StatefulSet")
            spec["volumes"] = new JsonArray(new JsonObject { ["name"] = "data", ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = $"data-{name}" } });
        world.Put("pods", new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = workload["metadata"]!["namespace"]!.DeepClone(),
                ["labels"] = workload["spec"]!["template"]!["metadata"]!["labels"]!.DeepClone(),
                ["annotations"] = Annotations(workload, hash),
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = "apps/v1",
                    ["uid"] = "owner",
                    ["controller"] = true,
                    ["name"] = FakeWorld.Name(workload),
                    ["kind"] = workload["kind"]!.GetValue<string>() == "Deployment" ? "ReplicaSet" : "StatefulSet",
                }),
            },
            ["spec"] = spec,
            ["status"] = new JsonObject { ["phase"] = "Pending" },
        });
    }

    private static JsonObject Annotations(JsonObject workload, string hash)
    {
        var annotations = workload["spec"]!["template"]!["metadata"]?["annotations"]?.DeepClone().AsObject() ?? [];
        annotations["hash"] = hash;
        return annotations;
    }

    private static void Schedule(FakeWorld world)
    {
        foreach (var pod in world.All("pods").Where(pod => pod["metadata"]!["deletionTimestamp"] is null).ToList())
        {
            if (pod["spec"]!["nodeName"] is null)
            {
                var zone = ZoneOfVolume(world, pod);
                var node = world.All("nodes")
                    .Where(node => IsReady(node) && node["spec"]?["unschedulable"]?.GetValue<bool>() != true && (zone is null || FakeWorld.ZoneOf(node) == zone))
                    .OrderBy(node => world.All("pods").Count(other => other["spec"]!["nodeName"]?.GetValue<string>() == FakeWorld.Name(node))).FirstOrDefault();
                pod["spec"]!["nodeName"] = node is null ? null : FakeWorld.Name(node);
                if (node is null)
                {
                    pod["status"]!["conditions"] = new JsonArray(Condition("PodScheduled", "False", "Unschedulable"));
                    world.Put("pods", pod);
                    continue;
                }
            }
            else if (!IsReady(pod) && world.Find("nodes", null, pod["spec"]!["nodeName"]!.GetValue<string>()) is { } node && IsReady(node))
            {
                Run(world, pod);
                world.Put("pods", pod);
            }
        }
    }

    private static void Run(FakeWorld world, JsonObject pod)
    {
        var image = pod["spec"]!["containers"]![0]!["image"]!.GetValue<string>();
        var bad = world.BadImages.Contains(image);
        pod["status"] = new JsonObject
        {
            ["phase"] = "Running",
            ["conditions"] = new JsonArray(Condition("Ready", bad ? "False" : "True", "")),
            ["containerStatuses"] = new JsonArray(new JsonObject
            {
                ["name"] = "main",
                ["image"] = image,
                ["imageID"] = "",
                ["ready"] = !bad,
                ["restartCount"] = bad ? 1 : 0,
                ["state"] = bad ? new JsonObject { ["waiting"] = new JsonObject { ["reason"] = world.BadImageReason } } : [],
            }),
        };
    }

    private static string? ZoneOfVolume(FakeWorld world, JsonObject pod)
    {
        var claim = pod["spec"]!["volumes"]?[0]?["persistentVolumeClaim"]?["claimName"]?.GetValue<string>();
        var volume = claim is null ? null : world.Find("persistentvolumeclaims", pod["metadata"]!["namespace"]!.GetValue<string>(), claim)?["spec"]?["volumeName"]?.GetValue<string>();
        return volume is null ? null : world.Find("persistentvolumes", null, volume)?["spec"]?["nodeAffinity"]?["required"]!["nodeSelectorTerms"]![0]!["matchExpressions"]![0]!["values"]![0]!.GetValue<string>();
    }

    private static void Report(FakeWorld world, JsonObject workload)
    {
        var pods = PodsOf(world, workload).Where(pod => pod["metadata"]!["deletionTimestamp"] is null).ToList();
        var updated = pods.Count(pod => pod["metadata"]!["annotations"]!["hash"]!.GetValue<string>() == Hash(workload));
        workload["status"] = new JsonObject
        {
            ["observedGeneration"] = workload["metadata"]!["generation"]?.DeepClone(),
            ["replicas"] = pods.Count,
            ["readyReplicas"] = pods.Count(IsReady),
            ["availableReplicas"] = pods.Count(IsReady),
            ["updatedReplicas"] = updated,
        };
    }

    private static void Report(FakeWorld world, JsonObject budget, string _)
    {
        var app = budget["spec"]!["selector"]!["matchLabels"]!["app"]!.GetValue<string>();
        var pods = world.All("pods").Where(pod => pod["metadata"]!["labels"]!["app"]!.GetValue<string>() == app).ToList();
        var healthy = pods.Count(IsReady);
        var least = budget["spec"]!["minAvailable"]!.GetValue<int>();
        budget["status"] = new JsonObject { ["disruptionsAllowed"] = Math.Max(0, healthy - least), ["currentHealthy"] = healthy, ["desiredHealthy"] = least, ["expectedPods"] = Math.Max(pods.Count, healthy) };
    }

    private static void StepAws(FakeWorld world)
    {
        foreach (var database in world.Databases.Where(database => database.Status == "failing-over" && --database.Left <= 0))
            (database.Status, database.Writer) = ("available", database.Target);
        foreach (var instance in world.Instances.Where(instance => instance.State == "shutting-down").ToList())
        {
            Terminate(world, instance);
            Launch(world, instance.Zone, instance.Group);
        }

        foreach (var snapshot in world.Snapshots.Where(snapshot => snapshot.Status == "creating" && --snapshot.Left <= 0))
            snapshot.Status = "available";
    }

    internal static void Terminate(FakeWorld world, FakeInstance instance)
    {
        instance.State = "terminated";
        foreach (var node in world.All("nodes").Where(node => node["spec"]!["providerID"]!.GetValue<string>().EndsWith(instance.Id, StringComparison.Ordinal)).ToList())
            world.Remove("nodes", node);
    }

    internal static void Launch(FakeWorld world, string zone, string group)
    {
        var added = new FakeInstance { Id = $"i-new{++world.Names}", Zone = zone, Group = group };
        world.Instances.Add(added);
        FakeCluster.AddNode(world, $"node-{added.Id}", added);
    }

    internal static JsonObject Condition(string type, string status, string reason) => new() { ["type"] = type, ["status"] = status, ["reason"] = reason };

    private static string Hash(JsonObject workload) => workload["spec"]!["template"]!.ToJsonString();
}
