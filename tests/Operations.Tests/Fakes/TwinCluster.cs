using System.Text.Json.Nodes;
using HaCluster.Operations.Aws;
using HaCluster.Operations.Connecting;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Monitoring;
using HaCluster.Planning.Modelling.Settings;
using HaCluster.Twin.Kubernetes;
using HaCluster.Twin.Storage;
using k8s;

namespace HaCluster.Operations.Tests.Fakes;

/// <summary>The API server of the local twin over objects that a test writes; nothing moves by itself.</summary>
public sealed class TwinCluster : IAsyncDisposable
{
    public static readonly string[] Zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

    private readonly ApiServer _server;

    private TwinCluster(ObjectStore store, ApiServer server) => (Store, _server) = (store, server);

    public ObjectStore Store { get; }

    public ApiServer Server => _server;

    public static async Task<TwinCluster> StartAsync(ApiServerOptions? options = null)
    {
        var store = new ObjectStore();
        return new TwinCluster(store, await ApiServer.StartAsync(store, options));
    }

    public KubernetesApi Open(ApiUser? user = null, KubernetesOptions? options = null)
    {
        var folder = Directory.CreateTempSubdirectory("ha-cluster-tests-");
        var path = Path.Combine(folder.FullName, "kubeconfig");
        _server.WriteKubeconfig(path, user: user);
        return new KubernetesApi(_ => Task.FromResult(KubernetesClientConfiguration.BuildConfigFromConfigFile(path)), options);
    }

    public ClusterSession Session(
        AwsServices? aws = null, ApiUser? user = null, StackOutputs? outputs = null, DeclaredObjectives? objectives = null, UnknownPart? withoutObjectives = null)
    {
        var api = Open(user);
        return new ClusterSession
        {
            Info = new ConnectionInfo("prod", ConnectionSource.Kubeconfig, "twin", _server.Url.ToString(), "v1.36.0", aws?.Region, null, "ada", null, DateTimeOffset.UtcNow),
            Identity = new ClusterIdentity("twin", null, aws?.Region),
            Kubernetes = api,
            Aws = aws,
            Monitoring = MonitoringWire.Over(api),
            Outputs = outputs,
            Objectives = objectives ?? DeclaredObjectives.None,
            WithoutObjectives = withoutObjectives,
        };
    }

    public void Add(string resource, string json) => Store.Create(Store.Kinds[resource], (JsonObject)JsonNode.Parse(json)!);

    public void AddNamespace(string name) => Add("namespaces", $$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{name}}"} }""");

    public void AddNode(string name, string zone, bool isReady = true, string group = "general", string cpu = "3900m", bool isCordoned = false) => Add("nodes", $$"""
        { "apiVersion": "v1", "kind": "Node",
          "metadata": { "name": "{{name}}", "labels": { "topology.kubernetes.io/zone": "{{zone}}", "kubernetes.io/hostname": "{{name}}", "eks.amazonaws.com/nodegroup": "{{group}}",
                        "ha-cluster/pool": "{{group}}", "node.kubernetes.io/instance-type": "m7i.xlarge" } },
          "spec": { "providerID": "aws:///{{zone}}/i-0{{name}}"{{(isCordoned ? """, "unschedulable": true, "taints": [ { "key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule" } ]""" : "")}} },
          "status": { "allocatable": { "cpu": "{{cpu}}", "memory": "14Gi", "pods": "58", "ephemeral-storage": "80Gi" }, "nodeInfo": { "kubeletVersion": "v1.36.0" },
                      "conditions": [ { "type": "Ready", "status": "{{(isReady ? "True" : "Unknown")}}" } ] } }
        """);

    /// <summary>Nodes <c>n-a-1</c> and so on, the same number in each of three zones.</summary>
    public void AddNodes(int perZone, string cpu = "3900m")
    {
        foreach (var zone in Zones)
        {
            for (var at = 1; at <= perZone; at++)
                AddNode($"n-{zone[^1]}-{at}", zone, cpu: cpu);
        }
    }

    /// <summary>A Deployment with its pods where they are; a node that begins with <c>!</c> has a pod that is not ready.</summary>
    public void AddDeployment(string name, string cpu, params string[] nodes)
    {
        var ready = nodes.Count(node => node[0] != '!');
        Add("deployments.apps", $$"""
            { "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "{{name}}", "namespace": "shop", "uid": "d-{{name}}" },
              "spec": { "replicas": {{nodes.Length}}, "selector": { "matchLabels": { "app": "{{name}}" } },
                        "template": { "metadata": { "labels": { "app": "{{name}}" } }, "spec": {{Containers(name, cpu)}} } },
              "status": { "replicas": {{nodes.Length}}, "readyReplicas": {{ready}}, "updatedReplicas": {{nodes.Length}} } }
            """);
        var owner = Store.Find(Store.Kinds["deployments.apps"], "shop", name)!.Uid;
        Add("replicasets.apps", $$"""
            { "apiVersion": "apps/v1", "kind": "ReplicaSet",
              "metadata": { "name": "{{name}}-abc", "namespace": "shop", "ownerReferences": [ { "apiVersion": "apps/v1", "kind": "Deployment", "name": "{{name}}", "uid": "{{owner}}", "controller": true } ] },
              "spec": { "replicas": {{nodes.Length}}, "selector": { "matchLabels": { "app": "{{name}}" } },
                        "template": { "metadata": { "labels": { "app": "{{name}}" } }, "spec": {{Containers(name, cpu)}} } } }
            """);
        var set = Store.Find(Store.Kinds["replicasets.apps"], "shop", $"{name}-abc")!.Uid;
        for (var at = 0; at < nodes.Length; at++)
        {
            var isReady = nodes[at][0] != '!';
            Add("pods", $$"""
                { "apiVersion": "v1", "kind": "Pod",
                  "metadata": { "name": "{{name}}-abc-{{at}}", "namespace": "shop", "labels": { "app": "{{name}}", "pod-template-hash": "abc" },
                                "ownerReferences": [ { "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "{{name}}-abc", "uid": "{{set}}", "controller": true } ] },
                  "spec": {{Containers(name, cpu, nodes[at].TrimStart('!'))}},
                  "status": { "phase": "Running", "conditions": [ { "type": "Ready", "status": "{{(isReady ? "True" : "False")}}" } ],
                              "containerStatuses": [ { "restartCount": {{at}}, "state": { {{(isReady ? "" : "\"waiting\": { \"reason\": \"CrashLoopBackOff\" }")}} } } ] } }
                """);
        }
    }

    public void AddBudget(string name, string app, int allowed, int maxUnavailable = 1) => Add("poddisruptionbudgets.policy", $$"""
        { "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": { "name": "{{name}}", "namespace": "shop" },
          "spec": { "maxUnavailable": {{maxUnavailable}}, "selector": { "matchLabels": { "app": "{{app}}" } } }, "status": { "disruptionsAllowed": {{allowed}} } }
        """);

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private static string Containers(string name, string cpu, string? node = null) => $$"""
        { {{(node is null ? "" : $"\"nodeName\": \"{node}\",")}} "containers": [ { "name": "{{name}}", "image": "registry/{{name}}:1", "resources": { "requests": { "cpu": "{{cpu}}", "memory": "256Mi" } } } ] }
        """;
}
