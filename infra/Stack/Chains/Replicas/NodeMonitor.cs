using HaCluster.Stack.Settings.Namespaces;
using HaCluster.Stack.Workloads;
using Pulumi;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;
using Kubernetes = Pulumi.Kubernetes;

namespace HaCluster.Stack.Chains.Replicas;

/// <summary>Metrics of a set of nodes: of its sentinels, which are the same for every client, and of the clients themselves.</summary>
public static class NodeMonitor
{
    /// <param name="own">Ports of the clients and paths on them.</param>
    public static Kubernetes.ApiExtensions.CustomResource Declare(
        ChainNodes nodes, NodeSet set, IEnumerable<(string Port, string Path)> own, ChainArgs args, Resource parent) => new(
        $"{set.Name}-pods",
        new PodMonitorArgs
        {
            Metadata = new ObjectMetaArgs { Name = set.Name, Namespace = ClusterNamespaces.Chains },
            Spec = PodMonitorArgs.SpecOf([.. nodes.Labels, (NodeSet.SetLabel, set.Name)], own.Prepend((Sentinel.PortName, "/metrics"))),
        },
        args.Child(parent, [.. args.Platform.MonitorsReady]));
}
