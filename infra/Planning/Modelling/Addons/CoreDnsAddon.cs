using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Addons;

/// <summary>
/// CoreDNS, as https://github.com/eksctl-io/eksctl/blob/main/pkg/addons/default/assets/coredns-1.35.json has it; autoscaling and budget by
/// https://docs.aws.amazon.com/eks/latest/userguide/coredns-autoscaling.html and
/// https://aws.amazon.com/blogs/containers/recent-changes-to-the-coredns-add-on/.
/// </summary>
internal sealed class CoreDnsAddon : IAddonModel
{
    public string Addon => "coredns";

    public string Defaults => """
        replicaCount: 2
        resources: {requests: {cpu: 100m, memory: 70Mi}, limits: {memory: 170Mi}}
        tolerations:
        - {key: node-role.kubernetes.io/control-plane, effect: NoSchedule}
        - {key: CriticalAddonsOnly, operator: Exists}
        affinity:
          podAntiAffinity:
            preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              podAffinityTerm:
                labelSelector: {matchExpressions: [{key: k8s-app, operator: In, values: [kube-dns]}]}
                topologyKey: kubernetes.io/hostname
        topologySpreadConstraints:
        - labelSelector: {matchLabels: {k8s-app: kube-dns}}
          maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
        podDisruptionBudget: {enabled: true, maxUnavailable: 1}
        autoScaling: {enabled: false, minReplicas: 2, maxReplicas: 10}
        """;

    public IEnumerable<KubernetesObject> Objects(PropertyValue configuration)
    {
        var labels = AddonPods.Label("k8s-app", "kube-dns").And(AddonPods.Label("eks.amazonaws.com/component", "coredns"));
        yield return (AddonPods.Deployment(Addon, labels) with
        {
            Replicas = configuration.At("replicaCount"),
            Strategy = ObjectParts.Yaml("rollingUpdate: {maxSurge: 25%, maxUnavailable: 1}"),
            Placement = configuration,
            Containers = [ObjectParts.Container(Addon, configuration.At("resources"), ObjectParts.Yaml("periodSeconds: 10"))],
        }).ToObject();
        if (configuration.At("autoScaling", "enabled").IsTrue())
            yield return ChartObjects.Autoscaler(AddonPods.Namespace, Addon, configuration.At("autoScaling"));
        if (configuration.At("podDisruptionBudget", "enabled").IsTrue())
            yield return ChartObjects.Budget(AddonPods.Namespace, Addon, labels, configuration.At("podDisruptionBudget"));
    }
}
