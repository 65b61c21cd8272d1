using HaCluster.Engine.Values;
using HaCluster.Planning.Modelling.Charts.Making;

namespace HaCluster.Planning.Modelling.Addons;

/// <summary>Common parts of the pods of add-ons.</summary>
internal static class AddonPods
{
    public const string Namespace = "kube-system";

    public static ChartPods Deployment(string name, PropertyValue.Map labels) => new("Deployment", Namespace, name)
    {
        Labels = labels,
        PriorityClass = Fragment.Text("system-cluster-critical"),
    };

    /// <summary>One pod on each node, regardless of taints.</summary>
    public static ChartPods EveryNode(string name, PropertyValue.Map labels) => new("DaemonSet", Namespace, name)
    {
        Labels = labels,
        PriorityClass = Fragment.Text("system-node-critical"),
        Placement = Fragment.Yaml("tolerations: [{operator: Exists}]"),
        Strategy = Fragment.Yaml("rollingUpdate: {maxUnavailable: 10%}"),
    };

    public static PropertyValue.Map Label(string key, string value) => Fragment.Map((key, Fragment.Text(value)));
}
