using System.Collections.Immutable;
using HaCluster.Engine.Values;

namespace HaCluster.Engine.Simulation;

/// <summary>The state of Kubernetes objects and of Helm releases.</summary>
internal static class KubernetesObjects
{
    private const string Release = "kubernetes:helm.sh/v3:Release";

    /// <summary>Kinds that live outside namespaces, among those of Kubernetes itself and of the add-ons that clusters commonly run.</summary>
    private static readonly HashSet<string> ClusterScoped =
    [
        "Namespace", "Node", "PersistentVolume", "StorageClass", "PriorityClass", "RuntimeClass", "IngressClass", "ClusterRole", "ClusterRoleBinding",
        "CustomResourceDefinition", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService", "CSIDriver", "CSINode",
        "FlowSchema", "PriorityLevelConfiguration", "VolumeSnapshotClass", "VolumeSnapshotContent", "GatewayClass", "ClusterIssuer",
        "ClusterSecretStore", "NodePool", "NodeClass", "EC2NodeClass", "NodeClaim",
    ];

    public static void Complete(SimulatedResource resource)
    {
        if (resource.Node.Type != Release)
        {
            CompleteObject(resource);
            return;
        }
        CompleteRelease(resource);
        foreach (var required in resource.Spec?.Outputs.Required ?? [])
        {
            if (!resource.Has(required))
                resource.Computed(required, PlausibleValues.Of(resource, required));
        }
    }

    private static void CompleteObject(SimulatedResource resource)
    {
        if (resource.Get("metadata") is { } given && given.AsMap() is null)
            return; // Unknown as a whole: nothing can be said about it, not even its name.
        var kind = resource.Text("kind") ?? resource.Node.Type.Split(':')[^1];
        var metadata = (resource.Get("metadata").AsMap() ?? PropertyMap.Empty).ToBuilder();
        var stem = metadata.GetValueOrDefault("generateName").AsText() ?? resource.Node.Name + "-";
        metadata.TryAdd("name", Text(stem + Fingerprint.Hex(resource.Seed, 8)));
        if (!ClusterScoped.Contains(kind) && resource.Spec is not null)
            metadata.TryAdd("namespace", Text(resource.DefaultNamespace));

        var name = metadata["name"].AsText();
        var scope = metadata.GetValueOrDefault("namespace").AsText();
        if (name is not null)
            resource.AssignId(scope is null ? name : $"{scope}/{name}");
        if (!resource.IsPreview)
        {
            metadata["uid"] = Text(Fingerprint.Uuid(resource.Seed));
            metadata["resourceVersion"] = Text("1");
            metadata["generation"] = new PropertyValue.Number(1);
            metadata["creationTimestamp"] = Text(PlausibleValues.CreationTime);
        }
        var result = new PropertyValue.Map(metadata.ToImmutable());
        resource.Set("metadata", resource.Get("metadata")?.IsSecret() == true ? result.AsSecret() : result);

        if (kind == "Service")
            resource.ComputedInside("spec", "clusterIP", Text(ClusterIp(resource)));
        if (resource.Spec?.Outputs.Properties.ContainsKey("status") == true)
            resource.Computed("status", new PropertyValue.Map(StatusOf(resource, kind)));
    }

    private static ImmutableSortedDictionary<string, PropertyValue> StatusOf(SimulatedResource resource, string kind)
    {
        var spec = resource.Get("spec").AsMap() ?? PropertyMap.Empty;
        var replicas = spec.GetValueOrDefault("replicas") ?? new PropertyValue.Number(1);
        return kind switch
        {
            "Namespace" => PropertyMap.Of(("phase", Text("Active"))).Entries,
            "PersistentVolumeClaim" => PropertyMap.Of(("phase", Text("Bound"))).Entries,
            "ResourceQuota" => PropertyMap.Of(("hard", spec.GetValueOrDefault("hard") ?? new PropertyValue.Map(PropertyMap.Empty))).Entries,
            "Deployment" or "StatefulSet" => PropertyMap.Of(
                ("replicas", replicas), ("readyReplicas", replicas), ("availableReplicas", replicas)).Entries,
            "Service" when spec.GetValueOrDefault("type").AsText() == "LoadBalancer" => PropertyMap.Of(
                ("loadBalancer", PropertyMap.Of(("ingress", PropertyMap.ListOf(PropertyMap.Of(
                    ("hostname", Text($"{Fingerprint.Hex(resource.Seed, 32)}.elb.{AwsResources.RegionOf(resource)}.amazonaws.com")))))))).Entries,
            "Service" => PropertyMap.Of(("loadBalancer", new PropertyValue.Map(PropertyMap.Empty))).Entries,
            _ => PropertyMap.Empty,
        };
    }

    private static void CompleteRelease(SimulatedResource resource)
    {
        resource.Default("name", $"{resource.Node.Name}-{Fingerprint.Hex(resource.Seed, 8)}");
        resource.Default("namespace", resource.DefaultNamespace);
        var name = resource.Text("name");
        var scope = resource.Text("namespace");
        if (name is not null && scope is not null)
            resource.AssignId($"{scope}/{name}");
        var version = resource.Get("version") ?? Text("0.0.0");
        resource.Computed("version", version);
        resource.Computed("status", PropertyMap.Of(
            ("name", resource.Get("name")!),
            ("namespace", resource.Get("namespace")!),
            ("chart", resource.Get("chart") ?? Text("")),
            ("version", version),
            ("appVersion", version),
            ("revision", new PropertyValue.Number(1)),
            ("status", Text("deployed"))));
    }

    private static string ClusterIp(SimulatedResource resource)
    {
        var number = int.Parse(Fingerprint.Digits(resource.Seed, 6), null);
        return $"172.20.{number % 256}.{number / 256 % 254 + 1}";
    }

    private static PropertyValue.Text Text(string value) => new(value);
}
