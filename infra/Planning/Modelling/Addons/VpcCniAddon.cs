using HaCluster.Engine.Values;
using HaCluster.Planning.Facts;
using HaCluster.Planning.Modelling.Charts.Building;
using HaCluster.Planning.Rendering;

namespace HaCluster.Planning.Modelling.Addons;

/// <summary>The network plugin: https://github.com/aws/amazon-vpc-cni-k8s/tree/master/charts/aws-vpc-cni.</summary>
internal sealed class VpcCniAddon : IAddonModel
{
    private const string DaemonSet = "aws-node";
    private const int Metrics = 61678, AgentMetrics = 8162;

    public string Addon => "vpc-cni";

    public string Defaults => """
        resources: {requests: {cpu: 25m}}
        init: {}
        nodeAgent: {enabled: true}
        """;

    public IEnumerable<KubernetesObject> Objects(PropertyValue configuration)
    {
        var resources = configuration.At("resources");
        var agent = configuration.At("nodeAgent");
        yield return (AddonPods.EveryNode(DaemonSet, AddonPods.Label("k8s-app", DaemonSet)) with
        {
            GraceSeconds = ObjectParts.Number(10),
            IsOnHostNetwork = true,
            InitContainers = [ObjectParts.Container("aws-vpc-cni-init", configuration.At("init", "resources") ?? resources)],
            Containers =
            [
                ObjectParts.Container(DaemonSet, resources, ObjectParts.Yaml("initialDelaySeconds: 1"), ports: ObjectParts.Ports(Metrics)),
                .. agent.At("enabled").IsTrue()
                    ? new[] { ObjectParts.Container("aws-eks-nodeagent", agent.At("resources") ?? resources, ports: ObjectParts.Ports(AgentMetrics)) }
                    : [],
            ],
        }).ToObject();
    }
}
