using HaCluster.Planning.Modelling;
using HaCluster.Planning.Schedules;

namespace HaCluster.Planning.Tests.Schedules;

/// <summary>A cluster of two nodes in two zones, written as objects, and pods for it.</summary>
public abstract class TwoNodes : IDisposable
{
    private const string Nodes = """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: v1
          kind: Node
          metadata: {name: node-a, labels: {topology.kubernetes.io/zone: a, kubernetes.io/hostname: node-a}}
          status: {allocatable: {cpu: "2", memory: 8Gi, pods: "20"}}
        - apiVersion: v1
          kind: Node
          metadata: {name: node-b, labels: {topology.kubernetes.io/zone: b, kubernetes.io/hostname: node-b}}
          status: {allocatable: {cpu: "2", memory: 8Gi, pods: "20"}}
        - apiVersion: scheduling.k8s.io/v1
          kind: PriorityClass
          metadata: {name: urgent}
          value: 1000

        """;

    private readonly Scratch _scratch = new();

    public void Dispose()
    {
        _scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected ClusterSchedule Schedule(string pods)
    {
        _scratch.Write("nodes.yaml", Nodes);
        _scratch.Write("pods.yaml", pods);
        return ClusterSchedule.Of(ClusterDirectory.Read(_scratch.Path), seed: 0);
    }

    private protected static string Job(string name, string status) => $$"""
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: {{name}} }
        spec: {template: {spec: {containers: [{name: a, resources: {requests: {cpu: 100m } } }] } } }
        status: {{status}}

        """;

    /// <summary>As in a manifest, not yet created.</summary>
    private protected static string New(string name, string cpu, string more = "") =>
        Pod(name, cpu, more: more).Replace(", creationTimestamp: \"2026-01-01T00:00:00Z\"", "", StringComparison.Ordinal);

    private protected static string Pod(string name, string cpu, string? node = null, string created = "2026-01-01T00:00:00Z", string more = "") => $$"""
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}, labels: {app: {{name}}}, creationTimestamp: "{{created}}"}
        spec: { {{more}}{{(node is null ? "" : $"nodeName: {node}, ")}}containers: [{name: a, resources: {requests: {cpu: {{cpu}} } } }] }

        """;
}
