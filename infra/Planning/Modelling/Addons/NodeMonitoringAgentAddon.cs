using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Addons;

/// <summary>Health of nodes: https://github.com/aws/eks-node-monitoring-agent/tree/main/charts/eks-node-monitoring-agent.</summary>
internal sealed class NodeMonitoringAgentAddon : IAddonModel
{
    public string Addon => "eks-node-monitoring-agent";

    // Its affinity is left out: it keeps the pods off Fargate, Auto Mode and hybrid nodes, none of which a node group has.
    public string Defaults => """
        nodeAgent:
          resources: {requests: {cpu: 10m, memory: 30Mi}, limits: {cpu: 250m, memory: 200Mi}}
        """;

    public IEnumerable<KubernetesObject> Objects(PropertyValue configuration)
    {
        yield return (AddonPods.EveryNode(Addon, AddonPods.Label("app.kubernetes.io/name", Addon)) with
        {
            IsOnHostNetwork = true,
            Containers = [ObjectParts.Container(Addon, configuration.At("nodeAgent", "resources"))],
        }).ToObject();
    }
}
