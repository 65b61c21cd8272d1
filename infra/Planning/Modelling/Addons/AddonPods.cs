using HaCluster.Engine.Values;
using HaCluster.Planning.Modelling.Charts.Building;

namespace HaCluster.Planning.Modelling.Addons;

/// <summary>Common parts of the pods of add-ons.</summary>
internal static class AddonPods
{
    public const string Namespace = "kube-system";

    public static ChartPods Deployment(string name, PropertyValue.Map labels) => new("Deployment", Namespace, name)
    {
        Labels = labels,
        PriorityClass = ObjectParts.Text("system-cluster-critical"),
    };

    /// <summary>One pod on each node, regardless of taints.</summary>
    public static ChartPods EveryNode(string name, PropertyValue.Map labels) => new("DaemonSet", Namespace, name)
    {
        Labels = labels,
        PriorityClass = ObjectParts.Text("system-node-critical"),
        Placement = ObjectParts.Yaml("tolerations: [{operator: Exists}]"),
        Strategy = ObjectParts.Yaml("rollingUpdate: {maxUnavailable: 10%}"),
    };

    public static PropertyValue.Map Label(string key, string value) => ObjectParts.Map((key, ObjectParts.Text(value)));
}
