using System.Text.Json.Nodes;
using k8s.Models;

namespace HaCluster.Operations.Kubernetes;

/// <summary>The kinds that are in use, read with the models of KubernetesClient.</summary>
public static class Kinds
{
    public static readonly Kind<V1Pod> Pods = new("", "v1", "pods", "Pod", true);
    public static readonly Kind<V1Node> Nodes = new("", "v1", "nodes", "Node", false);
    public static readonly Kind<V1Namespace> Namespaces = new("", "v1", "namespaces", "Namespace", false);
    public static readonly Kind<V1Service> Services = new("", "v1", "services", "Service", true);
    public static readonly Kind<V1Secret> Secrets = new("", "v1", "secrets", "Secret", true);
    public static readonly Kind<V1ConfigMap> ConfigMaps = new("", "v1", "configmaps", "ConfigMap", true);
    public static readonly Kind<V1ResourceQuota> ResourceQuotas = new("", "v1", "resourcequotas", "ResourceQuota", true);
    public static readonly Kind<V1LimitRange> LimitRanges = new("", "v1", "limitranges", "LimitRange", true);
    public static readonly Kind<V1PersistentVolume> PersistentVolumes = new("", "v1", "persistentvolumes", "PersistentVolume", false);
    public static readonly Kind<V1PersistentVolumeClaim> PersistentVolumeClaims = new("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true);
    public static readonly Kind<Corev1Event> Events = new("", "v1", "events", "Event", true);
    public static readonly Kind<V1Deployment> Deployments = new("apps", "v1", "deployments", "Deployment", true);
    public static readonly Kind<V1ReplicaSet> ReplicaSets = new("apps", "v1", "replicasets", "ReplicaSet", true);
    public static readonly Kind<V1StatefulSet> StatefulSets = new("apps", "v1", "statefulsets", "StatefulSet", true);
    public static readonly Kind<V1DaemonSet> DaemonSets = new("apps", "v1", "daemonsets", "DaemonSet", true);
    public static readonly Kind<V1ControllerRevision> ControllerRevisions = new("apps", "v1", "controllerrevisions", "ControllerRevision", true);
    public static readonly Kind<V1Job> Jobs = new("batch", "v1", "jobs", "Job", true);
    public static readonly Kind<V2HorizontalPodAutoscaler> Autoscalers = new("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true);
    public static readonly Kind<V1PodDisruptionBudget> Budgets = new("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true);
    public static readonly Kind<V1Lease> Leases = new("coordination.k8s.io", "v1", "leases", "Lease", true);
    public static readonly Kind<V1StorageClass> StorageClasses = new("storage.k8s.io", "v1", "storageclasses", "StorageClass", false);
    public static readonly Kind<V1VolumeAttachment> VolumeAttachments = new("storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment", false);
    public static readonly Kind<JsonObject> Backups = new("velero.io", "v1", "backups", "Backup", true);
    public static readonly Kind<JsonObject> Restores = new("velero.io", "v1", "restores", "Restore", true);
    public static readonly Kind<JsonObject> Schedules = new("velero.io", "v1", "schedules", "Schedule", true);
    public static readonly Kind<JsonObject> Certificates = new("cert-manager.io", "v1", "certificates", "Certificate", true);
    public static readonly Kind<JsonObject> VolumeSnapshots = new("snapshot.storage.k8s.io", "v1", "volumesnapshots", "VolumeSnapshot", true);
}
