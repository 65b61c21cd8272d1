using System.Text.Json.Nodes;

namespace HaCluster.Operations.Tests.Worlds;

/// <summary>What jobs, Velero and the storage driver do in the fake world, one step at a time. A job does nothing but end.</summary>
internal static class FakeSoftware
{
    public static void Step(FakeWorld world)
    {
        foreach (var job in world.All("jobs").Where(job => job["status"]?["conditions"] is null).ToList())
        {
            var isBad = world.BadJobs.Exists(bad => FakeWorld.Name(job).StartsWith(bad, StringComparison.Ordinal));
            var condition = FakeControllers.Condition(isBad ? "Failed" : "Complete", "True", isBad ? "BackoffLimitExceeded" : "");
            condition["message"] = isBad ? "Job has reached the specified backoff limit" : "";
            job["status"] = new JsonObject { ["conditions"] = new JsonArray(condition) };
        }

        foreach (var plural in new[] { "backups", "restores" })
        {
            foreach (var subject in world.All(plural).ToList())
                Work(world, subject);
        }

        EndFinalizers(world);
        ReclaimVolumes(world);
    }

    private static void Work(FakeWorld world, JsonObject subject)
    {
        var status = subject["status"] as JsonObject ?? [];
        status["phase"] = (string?)status["phase"] switch
        {
            null => "New",
            "New" => "InProgress",
            "InProgress" => world.VeleroEnds,
            var final => final,
        };
        if ((string?)status["phase"] == "FailedValidation")
            status["validationErrors"] = new JsonArray("backup can't be completed because the storage location is not available");
        subject["status"] = status;
    }

    /// <summary>What holds an object back, such as a load balancer in AWS, is gone a little later.</summary>
    private static void EndFinalizers(FakeWorld world)
    {
        foreach (var (key, subject) in world.Objects.Where(entry => entry.Value["metadata"]!["finalizers"] is JsonArray && entry.Value["metadata"]!["deletionTimestamp"] is not null).ToList())
        {
            var finalizers = subject["metadata"]!["finalizers"]!.AsArray();
            if (finalizers.Any(one => (string?)one == "stuck"))
                continue;
            finalizers.RemoveAt(0);
            if (finalizers.Count == 0)
                FakeControllers.Delete(world, key.Split('/')[0], subject);
        }
    }

    /// <summary>A volume of a claim that is gone is deleted, unless its policy keeps it.</summary>
    private static void ReclaimVolumes(FakeWorld world)
    {
        foreach (var volume in world.All("persistentvolumes").Where(volume => (string?)volume["spec"]!["persistentVolumeReclaimPolicy"] == "Delete").ToList())
        {
            if (volume["spec"]!["claimRef"] is { } claim && world.Find("persistentvolumeclaims", (string?)claim["namespace"], (string?)claim["name"] ?? "") is null)
                world.Remove("persistentvolumes", volume);
        }
    }
}
