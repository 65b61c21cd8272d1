using System.Collections.Frozen;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Objects;

/// <summary>Kinds that create no pods, and so are not in the model.</summary>
internal static class PodlessKinds
{
    // Custom resources that only configure running workloads.
    private static readonly FrozenSet<string> Configuring = new[]
    {
        "acme.cert-manager.io", "bitnami.com", "cert-manager.io", "cilium.io", "crd.k8s.amazonaws.com", "crd.projectcalico.org", "elbv2.k8s.aws",
        "extensions.istio.io", "external-secrets.io", "externaldns.k8s.io", "gateway.envoyproxy.io", "gateway.networking.k8s.io",
        "generators.external-secrets.io", "groupsnapshot.storage.k8s.io", "kyverno.io", "networking.istio.io", "networking.k8s.aws",
        "projectcalico.org", "secrets-store.csi.x-k8s.io", "security.istio.io", "snapshot.storage.k8s.io", "telemetry.istio.io", "traefik.io",
        "velero.io", "vpcresources.k8s.aws",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Monitoring = new[] { "Alertmanager", "AlertmanagerConfig", "PodMonitor", "Probe", "Prometheus", "PrometheusRule", "ScrapeConfig", "ServiceMonitor" }
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Why the object may create pods; null when it creates none (or is read elsewhere).</summary>
    public static string? WhyUnknown(KubernetesObject subject) => subject.Group switch
    {
        var group when ServedKinds.Groups.Contains(group) || Configuring.Contains(group) => null,
        "monitoring.coreos.com" => Monitoring.Contains(subject.Kind)
            ? null
            : "the Prometheus operator creates pods for it, and only those for Prometheus and Alertmanager are modelled; add the pods as separate manifests",
        "karpenter.sh" or "karpenter.k8s.aws" => "Karpenter launches nodes for it outside of node groups; they are not modelled",
        var group => $"{group} is not known here: if a controller creates pods for it, they are missing from the model; add the pods as separate manifests",
    };
}
