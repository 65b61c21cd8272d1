using System.Collections.Frozen;
using System.Globalization;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>The API groups and versions that a cluster serves. They tell apart kinds of the same name: Volcano has jobs too, and Longhorn nodes.</summary>
internal static class ServedKinds
{
    /// <summary>The version to assume when the cluster's is not known.</summary>
    public const string NewestVersion = "1.35";

    private const string Core = "";

    /// <summary>Groups of Kubernetes itself.</summary>
    public static readonly FrozenSet<string> Groups = new[]
    {
        Core, "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps", "authentication.k8s.io", "authorization.k8s.io",
        "autoscaling", "batch", "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "extensions",
        "flowcontrol.apiserver.k8s.io", "internal.apiserver.k8s.io", "metrics.k8s.io", "networking.k8s.io", "node.k8s.io", "policy",
        "rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io", "storage.k8s.io",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The group of every kind that is read, with the served versions.</summary>
    private static readonly FrozenDictionary<string, (string Group, string[] Versions)> Read = new Dictionary<string, (string, string[])>
    {
        ["ConfigMap"] = (Core, ["v1"]),
        ["LimitRange"] = (Core, ["v1"]),
        ["Namespace"] = (Core, ["v1"]),
        ["Node"] = (Core, ["v1"]),
        ["PersistentVolume"] = (Core, ["v1"]),
        ["PersistentVolumeClaim"] = (Core, ["v1"]),
        ["Pod"] = (Core, ["v1"]),
        ["ReplicationController"] = (Core, ["v1"]),
        ["ResourceQuota"] = (Core, ["v1"]),
        ["Secret"] = (Core, ["v1"]),
        ["Service"] = (Core, ["v1"]),
        ["ServiceAccount"] = (Core, ["v1"]),
        ["DaemonSet"] = ("apps", ["v1"]),
        ["Deployment"] = ("apps", ["v1"]),
        ["ReplicaSet"] = ("apps", ["v1"]),
        ["StatefulSet"] = ("apps", ["v1"]),
        ["HorizontalPodAutoscaler"] = ("autoscaling", ["v1", "v2"]),
        ["CronJob"] = ("batch", ["v1"]),
        ["Job"] = ("batch", ["v1"]),
        ["Ingress"] = ("networking.k8s.io", ["v1"]),
        ["RuntimeClass"] = ("node.k8s.io", ["v1"]),
        ["PodDisruptionBudget"] = ("policy", ["v1"]),
        ["PriorityClass"] = ("scheduling.k8s.io", ["v1"]),
        ["CSINode"] = ("storage.k8s.io", ["v1"]),
        ["CSIDriver"] = ("storage.k8s.io", ["v1"]),
        ["StorageClass"] = ("storage.k8s.io", ["v1"]),
        ["ResourceClaim"] = ("resource.k8s.io", ["v1", "v1beta1", "v1beta2"]),
        ["ResourceClaimTemplate"] = ("resource.k8s.io", ["v1", "v1beta1", "v1beta2"]),
        // Kinds of other projects that are read by name: Istio has gateways as well.
        ["Gateway"] = ("gateway.networking.k8s.io", []),
        ["GatewayClass"] = ("gateway.networking.k8s.io", []),
        ["EnvoyProxy"] = ("gateway.envoyproxy.io", []),
        ["Alertmanager"] = ("monitoring.coreos.com", []),
        ["Prometheus"] = ("monitoring.coreos.com", []),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenSet<string> OfCluster = new[]
    {
        "APIService", "CSIDriver", "CSINode", "CertificateSigningRequest", "ClusterIssuer", "ClusterRole", "ClusterRoleBinding", "ClusterSecretStore",
        "CustomResourceDefinition", "DeviceClass", "FlowSchema", "GatewayClass", "IngressClass", "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume", "PodSecurityPolicy", "PriorityClass", "PriorityLevelConfiguration",
        "ResourceSlice", "RuntimeClass", "StorageClass", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration",
        "VolumeAttachment", "VolumeAttributesClass", "VolumeSnapshotClass", "VolumeSnapshotContent",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>
    /// Versions that are no longer served, with the minor version of Kubernetes 1 that removed them
    /// (https://kubernetes.io/docs/reference/using-api/deprecation-guide/);
    /// a line without kinds applies to all other kinds of the version.
    /// </summary>
    private static readonly FrozenDictionary<string, (int Removed, string[] Kinds)[]> Gone = new Dictionary<string, (int, string[])[]>
    {
        ["extensions/v1beta1"] = [(16, ["DaemonSet", "Deployment", "NetworkPolicy", "PodSecurityPolicy", "ReplicaSet"]), (22, ["Ingress"])],
        ["apps/v1beta1"] = [(16, [])],
        ["apps/v1beta2"] = [(16, [])],
        ["admissionregistration.k8s.io/v1beta1"] = [(22, ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"])],
        ["apiextensions.k8s.io/v1beta1"] = [(22, [])],
        ["apiregistration.k8s.io/v1beta1"] = [(22, [])],
        ["authentication.k8s.io/v1beta1"] = [(22, ["TokenReview"])],
        ["authorization.k8s.io/v1beta1"] = [(22, [])],
        ["certificates.k8s.io/v1beta1"] = [(22, ["CertificateSigningRequest"])],
        ["coordination.k8s.io/v1beta1"] = [(22, ["Lease"])],
        ["networking.k8s.io/v1beta1"] = [(22, ["Ingress", "IngressClass"])],
        ["rbac.authorization.k8s.io/v1beta1"] = [(22, [])],
        ["rbac.authorization.k8s.io/v1alpha1"] = [(22, [])],
        ["scheduling.k8s.io/v1beta1"] = [(22, [])],
        ["storage.k8s.io/v1beta1"] = [(22, ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"]), (27, ["CSIStorageCapacity"])],
        ["batch/v1beta1"] = [(25, [])],
        ["batch/v2alpha1"] = [(21, [])],
        ["discovery.k8s.io/v1beta1"] = [(25, [])],
        ["events.k8s.io/v1beta1"] = [(25, [])],
        ["autoscaling/v2beta1"] = [(25, [])],
        ["autoscaling/v2beta2"] = [(26, [])],
        ["policy/v1beta1"] = [(25, [])],
        ["node.k8s.io/v1beta1"] = [(25, [])],
        ["flowcontrol.apiserver.k8s.io/v1beta1"] = [(26, [])],
        ["flowcontrol.apiserver.k8s.io/v1beta2"] = [(29, [])],
        ["flowcontrol.apiserver.k8s.io/v1beta3"] = [(32, [])],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// The kind, if it is the one read here under this name; for another group the group is appended, so that it is not mistaken for it.
    /// </summary>
    public static string KindOf(KubernetesObject subject) =>
        !Read.TryGetValue(subject.Kind, out var known) || known.Group == subject.Group || IsGone(subject) ? subject.Kind : $"{subject.Kind}.{subject.Group}";

    /// <summary>Whether it is a built-in kind that is read.</summary>
    public static bool IsRead(KubernetesObject subject) => Read.TryGetValue(subject.Kind, out var known) && known.Group == subject.Group && known.Versions.Length > 0;

    /// <summary>Whether the kind is cluster-scoped.</summary>
    public static bool IsOfCluster(KubernetesObject subject) => OfCluster.Contains(subject.Kind) && (Groups.Contains(subject.Group) || !Read.ContainsKey(subject.Kind))
        || subject.Group is "karpenter.sh" or "karpenter.k8s.aws";

    /// <summary>Whether a resource of the program is of a custom API group.</summary>
    /// <param name="type">Such as <c>kubernetes:apps/v1:Deployment</c>.</param>
    public static bool IsOfOthers(string type)
    {
        if (!type.StartsWith("kubernetes:", StringComparison.Ordinal) || type.Split(':') is not [_, var version, _])
            return false;
        var group = version.Split('/')[0];
        return group is not ("core" or "helm.sh") && !Groups.Contains(group);
    }

    /// <summary>Why the API server does not serve this kind and version; null when it does, or for custom API groups.</summary>
    /// <param name="version">Of Kubernetes, such as <c>1.35</c>.</param>
    public static string? WhyNotServed(KubernetesObject subject, string version)
    {
        if (RemovedIn(subject) is { } removed)
        {
            return MinorOf(version) < removed
                ? null
                : $"Kubernetes {version} does not serve {subject.ApiVersion} {subject.Kind}, which was removed in 1.{removed}: kubectl apply fails, and the object is not created; {Advice(subject.Kind)}";
        }

        return Read.TryGetValue(subject.Kind, out var known) && known.Group == subject.Group && known.Versions.Length > 0 && !known.Versions.Contains(VersionOf(subject))
            ? $"Kubernetes {version} does not serve {subject.ApiVersion} {subject.Kind}: kubectl apply fails, and the object is not created; {Advice(subject.Kind)}"
            : null;
    }

    private static bool IsGone(KubernetesObject subject) => RemovedIn(subject) is not null;

    private static int? RemovedIn(KubernetesObject subject) => !Gone.TryGetValue(subject.ApiVersion, out var lines) ? null
        : lines.Where(line => line.Kinds.Length == 0 || line.Kinds.Contains(subject.Kind)).Select(line => (int?)line.Removed).FirstOrDefault();

    private static string Advice(string kind) => Read.TryGetValue(kind, out var known) && known.Versions.Length > 0
        ? $"write apiVersion: {(known.Group.Length > 0 ? $"{known.Group}/" : "")}{known.Versions[^1]}"
        : "write a version that it serves";

    private static string VersionOf(KubernetesObject subject) => subject.ApiVersion[(subject.ApiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private static int MinorOf(string version) =>
        version.Split('.') is [_, var minor, ..] && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
}
