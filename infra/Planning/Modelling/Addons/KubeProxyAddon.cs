using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Addons;

/// <summary>
/// kube-proxy. EKS publishes no manifest of it; its request of 100m CPU is from memory, the rest is from
/// https://github.com/kubernetes/kubernetes/blob/v1.35.0/cluster/addons/kube-proxy/kube-proxy-ds.yaml.
/// </summary>
internal sealed class KubeProxyAddon : IAddonModel
{
    public string Addon => "kube-proxy";

    public bool IsPublished => false;

    public string Defaults => "resources: {requests: {cpu: 100m}}";

    public IEnumerable<KubernetesObject> Objects(PropertyValue configuration)
    {
        yield return (AddonPods.EveryNode(Addon, AddonPods.Label("k8s-app", Addon)) with
        {
            IsOnHostNetwork = true,
            Containers = [ObjectParts.Container(Addon, configuration.At("resources"))],
        }).ToObject();
    }
}
