using HaCluster.Planning.Modelling;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Modelling;

public sealed class ClusterDirectoryTests : IDisposable
{
    private const string Cluster = """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: v1
          kind: Node
          metadata: {name: node-1, labels: {topology.kubernetes.io/zone: a, node.kubernetes.io/instance-type: m7i.large}}
          spec: {taints: [{key: pool, value: x, effect: NoSchedule}], unschedulable: true}
          status: {allocatable: {cpu: 1930m, memory: 7Gi, ephemeral-storage: 40Gi, pods: "58", nvidia.com/gpu: "1"}}
        - apiVersion: v1
          kind: Node
          metadata: {name: node-2, labels: {topology.kubernetes.io/zone: b}}
          status: {allocatable: {cpu: "2", memory: 7Gi}}
        - apiVersion: storage.k8s.io/v1
          kind: CSINode
          metadata: {name: node-2}
          spec: {drivers: [{name: ebs.csi.aws.com, allocatable: {count: 7}}]}
        - apiVersion: apps/v1
          kind: Deployment
          metadata: {name: web, namespace: shop}
          spec: {replicas: 2, template: {spec: {containers: [{name: web, resources: {requests: {cpu: 100m}}}]}}}
        - apiVersion: v1
          kind: Pod
          metadata:
            name: web-7d4b9-x1
            namespace: shop
            ownerReferences: [{kind: ReplicaSet, name: web-7d4b9, controller: true}]
          spec: {nodeName: node-1, containers: [{name: web, resources: {requests: {cpu: 100m}}}]}
        - apiVersion: v1
          kind: Pod
          metadata: {name: alone, namespace: shop}
          spec: {nodeName: node-2, priority: 7, containers: [{name: a, resources: {requests: {cpu: 300m}}}]}
        - apiVersion: v1
          kind: Pod
          metadata: {name: done, namespace: shop}
          spec: {nodeName: node-2, containers: [{name: a}]}
          status: {phase: Succeeded}
        """;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Nodes_are_as_their_objects_say()
    {
        _scratch.Write("all.yaml", Cluster);
        var model = ClusterDirectory.Read(_scratch.Path);
        Assert.Equal(["a", "b"], model.Zones.AsEnumerable());
        var (first, second) = (model.Nodes[0], model.Nodes[1]);
        Assert.Equal(new Resources(1930, 7L << 30, 40L << 30), first.Allocatable);
        Assert.Equal((58, (int?)null, true, 1L), (first.MaxPods, first.MaxEbsVolumes, first.IsUnschedulable, first.Extended["nvidia.com/gpu"]));
        Assert.Equal([new Taint("pool", "x", TaintEffect.NoSchedule)], first.Taints.AsEnumerable());
        Assert.Equal(7, second.MaxEbsVolumes);
    }

    [Fact]
    public void Pods_of_a_workload_are_its_replicas_and_others_stand_for_themselves()
    {
        _scratch.Write("all.yaml", Cluster);
        var model = ClusterDirectory.Read(_scratch.Path);
        Assert.Equal(["shop/alone", "shop/web"], model.Workloads.Select(workload => workload.Id));
        var alone = model.Workloads[0];
        Assert.Equal((WorkloadKind.Pod, "node-2", 7), (alone.Kind, alone.Pods.NodeName, alone.Pods.Priority));
        Assert.Equal([("shop/web", "web-7d4b9-x1", "node-1"), ("shop/alone", "alone", "node-2")], model.Placements.Select(pod => (pod.Workload, pod.Pod, pod.Node)));
    }

    [Fact]
    public void A_cluster_without_nodes_is_refused()
    {
        _scratch.Write("p.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a}]}\n");
        Assert.Contains("kubectl get nodes", Assert.Throws<UnreadableInputException>(() => ClusterDirectory.Read(_scratch.Path)).Message, StringComparison.Ordinal);
    }
}
