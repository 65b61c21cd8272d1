using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Addons;

/// <summary>
/// metrics-server: https://github.com/kubernetes-sigs/metrics-server/blob/master/charts/metrics-server/values.yaml; two replicas in
/// EKS.
/// </summary>
internal sealed class MetricsServerAddon : IAddonModel
{
    public string Addon => "metrics-server";

    public string Defaults => """
        replicas: 2
        resources: {requests: {cpu: 100m, memory: 200Mi}}
        podDisruptionBudget: {enabled: true, maxUnavailable: 1}
        """;

    public IEnumerable<KubernetesObject> Objects(PropertyValue configuration)
    {
        var labels = AddonPods.Label("app.kubernetes.io/name", Addon).And(AddonPods.Label("app.kubernetes.io/instance", Addon));
        yield return (AddonPods.Deployment(Addon, labels) with
        {
            Replicas = configuration.At("replicas"),
            Strategy = configuration.At("updateStrategy"),
            Placement = configuration,
            Containers =
            [
                ObjectParts.Container(Addon, configuration.At("resources"), ObjectParts.Yaml("{initialDelaySeconds: 20, periodSeconds: 10}")),
            ],
        }).ToObject();
        if (configuration.At("podDisruptionBudget", "enabled").IsTrue())
            yield return ChartObjects.Budget(AddonPods.Namespace, Addon, labels, configuration.At("podDisruptionBudget"));
    }
}
