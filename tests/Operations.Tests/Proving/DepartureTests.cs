using HaCluster.Operations.Connecting;
using HaCluster.Operations.Proving;
using HaCluster.Operations.Running;
using HaCluster.Operations.Safety;
using HaCluster.Operations.Tests.Fakes;
using HaCluster.Planning.Modelling.Settings;
using HaCluster.Twin.Kubernetes;

namespace HaCluster.Operations.Tests.Proving;

/// <summary>What of a zone that is left refuses an evacuation: nothing that the proof accepts, and whatever nobody has accepted.</summary>
public sealed class DepartureTests : IAsyncLifetime
{
    private const string Zone = "eu-central-1a";
    private TwinCluster? started;

    private TwinCluster Cluster => started!;

    public async Task InitializeAsync()
    {
        started = await TwinCluster.StartAsync(new ApiServerOptions { RunsDisruptionController = false });
        Cluster.AddNodes(1, cpu: "2");
        foreach (var name in new[] { "shop", "monitoring", "chains" })
            Cluster.AddNamespace(name);
        Cluster.Add("storageclasses.storage.k8s.io", """
            { "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": { "name": "gp3" }, "provisioner": "ebs.csi.aws.com", "volumeBindingMode": "WaitForFirstConsumer" }
            """);
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    [Fact]
    public async Task The_only_replica_of_what_may_be_down_by_default_lets_its_zone_go_as_the_proof_does()
    {
        Add("Deployment", "monitoring", "monitoring-kube-state-metrics", "n-a-1");

        Assert.Empty(await RefusalsAsync());
        using var session = Session();
        Assert.DoesNotContain((await new LiveProver(session).ProveAsync(null, default)).Violations, violation => violation.Scenario == $"a zone lost: {Zone}");
        Assert.True((await new LiveProver(session).AskAsync(new Departure.OfNodes(["n-a-1"]), default)).Holds);
    }

    [Fact]
    public async Task The_only_replica_that_nobody_accepted_keeps_its_zone_until_the_settings_accept_it()
    {
        Add("Deployment", "shop", "single", "n-a-1");

        var refusal = Assert.Single(await RefusalsAsync());
        Assert.Equal(("RestWouldNotHold", "single-0"), (refusal.Code, refusal.Pod));
        Assert.Contains("0 of 1 replicas would stay ready, and 1 must serve (at least one)", refusal.Reason, StringComparison.Ordinal);
        Assert.Empty(await RefusalsAsync("""{"serving":{"shop/single":0}}"""));
        // An objective in the settings is stronger than the default.
        Add("Deployment", "monitoring", "monitoring-operator", "n-a-1");
        Assert.Equal("monitoring-operator-0", Assert.Single(await RefusalsAsync("""{"serving":{"shop/single":0,"monitoring/monitoring-operator":1}}""")).Pod);
    }

    [Theory]
    [InlineData("StatefulSet")]
    [InlineData("Deployment")]
    public async Task The_only_replica_with_its_volume_in_the_zone_waits_there_only_if_the_settings_accept_it(string kind)
    {
        Add(kind, "shop", "store", "n-a-1", volumeZone: Zone);

        var refusals = await RefusalsAsync();
        Assert.Contains(refusals, refusal => refusal.Reason.Contains("0 of 1 replicas would stay ready", StringComparison.Ordinal));
        Assert.Contains(refusals, refusal => refusal.Reason.Contains("does not fit on the remaining nodes", StringComparison.Ordinal));
        Assert.Empty(await RefusalsAsync("""{"serving":{"shop/store":0}}"""));
    }

    [Fact]
    public async Task The_only_client_of_its_kind_may_go_only_while_the_other_client_serves_the_chain()
    {
        Add("StatefulSet", "chains", "ethereum-reth", "n-a-1", volumeZone: Zone);
        Add("StatefulSet", "chains", "ethereum-geth", "!n-b-1 n-c-1");
        Assert.Empty(await RefusalsAsync());

        Cluster.Store.Change(Cluster.Store.Kinds["pods"], "chains", "ethereum-geth-1", pod => pod["status"]!["conditions"]![0]!["status"] = "False");

        Assert.Contains(await RefusalsAsync(), refusal => refusal.Reason.Contains("1 must serve (no replica of chains/ethereum-geth, which serves the same, would be ready)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pods_that_belong_to_their_node_or_wait_by_design_refuse_nothing()
    {
        Add("DaemonSet", "shop", "agent", "n-a-1");
        // None of them finds room elsewhere.
        Add("Job", "shop", "report", "n-a-1", cpu: "1500m");
        Add("Deployment", "shop", "placeholder", "n-a-1", cpu: "400m", priority: -10);
        Add("Deployment", "shop", "full", "n-b-1 n-c-1", cpu: "1900m");
        Add("Pod", "shop", "static", "n-a-1", annotations: """{ "kubernetes.io/config.mirror": "abc" }""");

        Assert.Empty(await RefusalsAsync("""{"serving":{"shop/placeholder":0}}"""));
    }

    [Fact]
    public async Task Work_that_does_not_wait_by_design_needs_room()
    {
        Add("Deployment", "shop", "web", "n-a-1", cpu: "400m");
        Add("Deployment", "shop", "full", "n-b-1 n-c-1", cpu: "1900m");

        var refusal = Assert.Single(await RefusalsAsync("""{"serving":{"shop/web":0}}"""));

        Assert.Contains("does not fit on the remaining nodes", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("Insufficient cpu", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_that_nothing_creates_again_keeps_its_zone()
    {
        Add("Pod", "shop", "bare", "n-a-1");
        Add("Pod", "shop", "broker-0", "n-a-1", owner: """{ "apiVersion": "core.strimzi.io/v1", "kind": "StrimziPodSet", "name": "broker", "uid": "u-broker", "controller": true }""");

        var refusals = await RefusalsAsync();

        Assert.Equal(
            [
                ("bare", "without zone eu-central-1a: shop/bare (pod bare): no controller recreates it: it would be gone"),
                ("broker-0", "without zone eu-central-1a: shop/broker-0 (pod broker-0): its controller is StrimziPodSet broker, which is not modelled: it is unknown whether it recreates the pod"),
            ],
            refusals.Select(refusal => (refusal.Pod!, refusal.Reason)));
        Assert.All(refusals, refusal => Assert.True(refusal.Forceable));
    }

    private async Task<IReadOnlyList<Refusal>> RefusalsAsync(string? objectives = null)
    {
        using var session = Session(objectives);
        return await SafetyCheck.AskAsync(new StepContext(session) { Prover = new LiveProver(session) }, new Departure.OfZone(Zone), default);
    }

    private ClusterSession Session(string? objectives = null) => Cluster.Session(
        new Worlds.FakeProcess(Worlds.FakeCluster.Build(), Path.GetTempPath()).Aws.Services(), objectives: DeclaredObjectives.Of(objectives));

    /// <summary>A workload and its pods where they are; a node that begins with <c>!</c> has a pod that is not ready.</summary>
    /// <param name="where">Nodes, with blanks between them.</param>
    private void Add(string kind, string @namespace, string name, string where, string? volumeZone = null, string cpu = "100m", int priority = 0, string annotations = "{}", string? owner = null)
    {
        var nodes = where.Split(' ');
        var pod = $$"""
            "priority": {{priority}},
            "containers": [ { "name": "main", "image": "registry/{{name}}:1", "resources": { "requests": { "cpu": "{{cpu}}", "memory": "64Mi" } } } ]
            {{(volumeZone is null ? "" : $$""", "volumes": [ { "name": "data", "persistentVolumeClaim": { "claimName": "data-{{name}}" } } ]""")}}
            """;
        if (volumeZone is not null)
            AddVolume(@namespace, name, volumeZone);
        if (kind != "Pod")
        {
            var (resource, version) = kind == "Job" ? ("jobs.batch", "batch/v1") : ($"{kind.ToLowerInvariant()}s.apps", "apps/v1");
            Cluster.Add(resource, $$"""
                { "apiVersion": "{{version}}", "kind": "{{kind}}", "metadata": { "name": "{{name}}", "namespace": "{{@namespace}}" },
                  "spec": { {{(kind is "Job" or "DaemonSet" ? "" : $"\"replicas\": {nodes.Length},")}} "selector": { "matchLabels": { "app": "{{name}}" } },
                            "template": { "metadata": { "labels": { "app": "{{name}}" } }, "spec": { {{pod}} } } } }
                """);
            owner = $$"""{ "apiVersion": "{{version}}", "kind": "{{kind}}", "name": "{{name}}", "uid": "{{Cluster.Store.Find(Cluster.Store.Kinds[resource], @namespace, name)!.Uid}}", "controller": true }""";
        }
        for (var at = 0; at < nodes.Length; at++)
        {
            Cluster.Add("pods", $$"""
                { "apiVersion": "v1", "kind": "Pod",
                  "metadata": { "name": "{{(kind == "Pod" ? name : $"{name}-{at}")}}", "namespace": "{{@namespace}}", "labels": { "app": "{{name}}" }, "annotations": {{annotations}}, "ownerReferences": [ {{owner}} ] },
                  "spec": { "nodeName": "{{nodes[at].TrimStart('!')}}", {{pod}} },
                  "status": { "phase": "Running", "conditions": [ { "type": "Ready", "status": "{{(nodes[at][0] == '!' ? "False" : "True")}}" } ] } }
                """);
        }
    }

    private void AddVolume(string @namespace, string name, string zone)
    {
        Cluster.Add("persistentvolumes", $$"""
            { "apiVersion": "v1", "kind": "PersistentVolume", "metadata": { "name": "pv-{{name}}" },
              "spec": { "capacity": { "storage": "10Gi" }, "accessModes": [ "ReadWriteOnce" ], "storageClassName": "gp3", "csi": { "driver": "ebs.csi.aws.com", "volumeHandle": "vol-{{name}}" },
                        "claimRef": { "namespace": "{{@namespace}}", "name": "data-{{name}}" },
                        "nodeAffinity": { "required": { "nodeSelectorTerms": [ { "matchExpressions": [ { "key": "topology.kubernetes.io/zone", "operator": "In", "values": [ "{{zone}}" ] } ] } ] } } } }
            """);
        Cluster.Add("persistentvolumeclaims", $$"""
            { "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": { "name": "data-{{name}}", "namespace": "{{@namespace}}" },
              "spec": { "accessModes": [ "ReadWriteOnce" ], "storageClassName": "gp3", "volumeName": "pv-{{name}}", "resources": { "requests": { "storage": "10Gi" } } }, "status": { "phase": "Bound" } }
            """);
    }
}
