namespace HaCluster.Planning.Rendering;

/// <summary>The step of an apply for each kind of object, so that the objects it needs exist before it.</summary>
internal static class ApplyOrder
{
    /// <summary>Objects of custom resource definitions come last: their kinds exist only once a chart or definition has been applied.</summary>
    public const int CustomObjects = 90;

    /// <summary>The step, two digits: lower is applied earlier.</summary>
    public static int StepOf(KubernetesObject subject) => IsCustom(subject) ? CustomObjects : subject.Kind switch
    {
        "Namespace" => 0,
        "CustomResourceDefinition" => 5,
        "PriorityClass" or "StorageClass" or "RuntimeClass" or "IngressClass" => 10,
        "ResourceQuota" or "LimitRange" => 20,
        "NetworkPolicy" => 25,
        "ServiceAccount" => 30,
        "ClusterRole" or "Role" => 35,
        "ClusterRoleBinding" or "RoleBinding" => 36,
        "Secret" or "ConfigMap" => 40,
        "PersistentVolume" => 45,
        "PersistentVolumeClaim" => 46,
        "ValidatingAdmissionPolicy" => 50,
        "ValidatingAdmissionPolicyBinding" => 51,
        "Service" => 55,
        "PodDisruptionBudget" => 60,
        "DaemonSet" or "Deployment" or "StatefulSet" or "ReplicaSet" or "Pod" or "Job" or "CronJob" => 65,
        "HorizontalPodAutoscaler" or "Ingress" => 70,
        "APIService" or "MutatingWebhookConfiguration" or "ValidatingWebhookConfiguration" => 80,
        _ => 75,
    };

    /// <summary>Kubernetes' own groups have no dot, or end in <c>.k8s.io</c>; of the latter a few are definitions that charts bring.</summary>
    private static bool IsCustom(KubernetesObject subject) =>
        subject.Group switch
        {
            "snapshot.storage.k8s.io" or "gateway.networking.k8s.io" or "metrics.k8s.io" => true,
            var group when group.EndsWith(".x-k8s.io", StringComparison.Ordinal) => true,
            var group => group.Contains('.', StringComparison.Ordinal) && !group.EndsWith(".k8s.io", StringComparison.Ordinal),
        };
}
