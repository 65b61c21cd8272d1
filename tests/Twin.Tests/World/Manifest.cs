namespace HaCluster.Twin.Tests.World;

/// <summary>Objects as people write them.</summary>
internal static class Manifest
{
    public static string Deployment(string name, int replicas, string image = "nginx:1", string? strategy = null) => """
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "@name", "namespace": "shop"},
         "spec": {"replicas": @replicas, "selector": {"matchLabels": {"app": "@name"}}, @strategy
          "template": {"metadata": {"labels": {"app": "@name"}},
           "spec": {"containers": [{"name": "main", "image": "@image", "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "128Mi"}}}],
            "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": {"matchLabels": {"app": "@name"}}}]}}}}
        """
            .Replace("@name", name, StringComparison.Ordinal)
            .Replace("@replicas", $"{replicas}", StringComparison.Ordinal)
            .Replace("@image", image, StringComparison.Ordinal)
            .Replace("@strategy", strategy is null ? "" : $"\"strategy\": {strategy},", StringComparison.Ordinal);

    public static string StatefulSet(string name, int replicas, string image = "postgres:1") => """
        {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "@name", "namespace": "shop"},
         "spec": {"replicas": @replicas, "serviceName": "@name", "selector": {"matchLabels": {"app": "@name"} },
          "template": {"metadata": {"labels": {"app": "@name"}},
           "spec": {"containers": [{"name": "main", "image": "@image", "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "128Mi"}}}],
            "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"app": "@name"}}}]}},
          "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "gp3", "resources": {"requests": {"storage": "10Gi"}}}}]}}
        """
            .Replace("@name", name, StringComparison.Ordinal)
            .Replace("@replicas", $"{replicas}", StringComparison.Ordinal)
            .Replace("@image", image, StringComparison.Ordinal);

    public const string StorageClass = """
        {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "gp3"}, "provisioner": "ebs.csi.aws.com", "volumeBindingMode": "WaitForFirstConsumer", "allowVolumeExpansion": true}
        """;

    public static string Budget(string name, int minAvailable) => """
        {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "@name", "namespace": "shop"},
         "spec": {"minAvailable": @minAvailable, "selector": {"matchLabels": {"app": "@name"}}}}
        """
            .Replace("@name", name, StringComparison.Ordinal)
            .Replace("@minAvailable", $"{minAvailable}", StringComparison.Ordinal);

    public static string Service(string name) => """
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "@name", "namespace": "shop"}, "spec": {"selector": {"app": "@name"}, "ports": [{"name": "http", "port": 80, "targetPort": 8080}]}}
        """
            .Replace("@name", name, StringComparison.Ordinal);

    public static string DaemonSet(string name, string strategy) => """
        {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "@name", "namespace": "shop"},
         "spec": {"selector": {"matchLabels": {"app": "@name"}}, "updateStrategy": {"type": "@strategy"},
          "template": {"metadata": {"labels": {"app": "@name"}},
           "spec": {"containers": [{"name": "main", "image": "agent:1", "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "128Mi"}}}]}}}}
        """
            .Replace("@name", name, StringComparison.Ordinal)
            .Replace("@strategy", strategy, StringComparison.Ordinal);

    public static string CronJob(string name, string schedule, string fields = "", string image = "report:1") => """
        {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "@name", "namespace": "shop"},
         "spec": {"schedule": "@schedule", @fields "jobTemplate": {"spec": {"template": {"metadata": {"labels": {"app": "@name"}}, "spec": {"restartPolicy": "Never",
          "containers": [{"name": "main", "image": "@image", "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}}}]}}}}}}
        """
            .Replace("@name", name, StringComparison.Ordinal)
            .Replace("@schedule", schedule, StringComparison.Ordinal)
            .Replace("@fields", fields, StringComparison.Ordinal)
            .Replace("@image", image, StringComparison.Ordinal);

    public static string Job(string name, string fields = "", string image = "report:1") => """
        {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "@name", "namespace": "shop"},
         "spec": {@fields "template": {"metadata": {"labels": {"app": "@name"}}, "spec": {"restartPolicy": "Never",
          "containers": [{"name": "main", "image": "@image", "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}}}]}}}}
        """
            .Replace("@name", name, StringComparison.Ordinal)
            .Replace("@fields", fields, StringComparison.Ordinal)
            .Replace("@image", image, StringComparison.Ordinal);

    public static string Quota(string name, int pods) => """
        {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "@name", "namespace": "shop"}, "spec": {"hard": {"pods": "@pods"}}}
        """
            .Replace("@name", name, StringComparison.Ordinal)
            .Replace("@pods", $"{pods}", StringComparison.Ordinal);
}
