using HaCluster.Planning.Modelling;
using HaCluster.Planning.Tests.Graphs;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Modelling;

/// <summary>What objects name, and whether the cluster has it.</summary>
public sealed class ReferenceTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("1.35", "extensions/v1beta1", "Deployment", "1.16", "write apiVersion: apps/v1")]
    [InlineData("1.35", "policy/v1beta1", "PodDisruptionBudget", "1.25", "write apiVersion: policy/v1")]
    [InlineData("1.35", "autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.26", "write apiVersion: autoscaling/v2")]
    [InlineData("1.35", "batch/v1beta1", "CronJob", "1.25", "write apiVersion: batch/v1")]
    [InlineData("1.24", "policy/v1beta1", "PodDisruptionBudget", null, null)]
    public void A_version_that_is_served_no_more_makes_nothing(string version, string apiVersion, string kind, string? removed, string? advice)
    {
        _scratch.Write("it.yaml", $$"""
            apiVersion: {{apiVersion}}
            kind: {{kind}}
            metadata: {name: it, namespace: shop}
            spec: {minAvailable: 1, selector: {matchLabels: {app: it} }, template: {spec: {containers: [{name: a}]} }, jobTemplate: {spec: {template: {spec: {containers: [{name: a}]} } } } }
            """);
        var model = Read(version);
        if (removed is null)
        {
            Assert.Empty(model.Unknown);
            Assert.Single(model.Budgets);
            return;
        }

        Assert.Empty(model.Workloads);
        Assert.Empty(model.Budgets);
        var unknown = Assert.Single(model.Unknown);
        Assert.Equal($"{kind} shop/it", unknown.Subject);
        Assert.Contains($"does not serve {apiVersion} {kind}, which was removed in {removed}", unknown.Reason, StringComparison.Ordinal);
        Assert.EndsWith(advice!, unknown.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("batch.volcano.sh/v1alpha1", "Job")]
    [InlineData("longhorn.io/v1beta2", "Node")]
    [InlineData("apps.kruise.io/v1beta1", "StatefulSet")]
    [InlineData("serving.knative.dev/v1", "Service")]
    [InlineData("argoproj.io/v1alpha1", "Rollout")]
    [InlineData("karpenter.sh/v1", "NodePool")]
    public void A_kind_of_another_group_is_named_and_left_alone(string apiVersion, string kind)
    {
        // Nothing of it is as in the kind of Kubernetes.
        _scratch.Write("it.yaml", $"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: it, namespace: shop}}\nspec: {{replicas: many, minAvailable: [], tasks: [{{replicas: 2}}]}}\n");
        var model = Read("1.35");
        Assert.Empty(model.Workloads);
        var unknown = Assert.Single(model.Unknown);
        Assert.Equal(($"{kind} shop/it", true), (unknown.Subject, unknown.HidesPods));
    }

    [Theory]
    [InlineData("schedulerName: volcano", "it is placed by volcano, not by default-scheduler")]
    [InlineData("schedulingGates: [{name: example.com/quota}]", "it is not placed before its scheduling gates are gone: example.com/quota")]
    [InlineData("resourceClaims: [{name: gpu, resourceClaimName: gpu}]", "its resource claims (gpu) are not modelled")]
    public void What_kube_scheduler_does_not_do_alone_is_named(string spec, string reason)
    {
        _scratch.Write("it.yaml", Deployment(spec));
        var model = Read("1.35");
        var unknown = Assert.Single(model.Unknown);
        Assert.Equal("Deployment shop/it", unknown.Subject);
        Assert.StartsWith(reason, unknown.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("priorityClassName: urgent", "PriorityClass", "value: 10", "no PriorityClass with name urgent was found")]
    [InlineData("runtimeClassName: urgent", "RuntimeClass", "handler: kata", "its runtime class urgent does not exist")]
    public void Pods_of_a_class_that_is_not_there_are_refused(string spec, string kind, string rest, string reason)
    {
        _scratch.Write("it.yaml", Deployment(spec));
        var refused = Assert.Single(Read("1.35").Workloads);
        Assert.StartsWith(reason, refused.Refused, StringComparison.Ordinal);
        Assert.False(refused.HasPods);

        _scratch.Write("class.yaml", $"apiVersion: {(kind == "RuntimeClass" ? "node" : "scheduling")}.k8s.io/v1\nkind: {kind}\nmetadata: {{name: urgent}}\n{rest}\n");
        Assert.Null(Assert.Single(Read("1.35").Workloads).Refused);
    }

    [Fact]
    public void What_pods_cannot_start_without_is_worth_knowing()
    {
        _scratch.Write("it.yaml", Deployment("""
            serviceAccountName: api, imagePullSecrets: [{name: registry}],
            volumes: [{name: a, configMap: {name: kube-root-ca.crt}}, {name: b, secret: {secretName: tls}}, {name: c, configMap: {name: maybe, optional: true}}],
            initContainers: [{name: i, envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: maybe, optional: true}}]},
              {name: j, env: [{name: P, valueFrom: {secretKeyRef: {name: password, key: p}}}]}]
            """.ReplaceLineEndings(" ")));
        _scratch.Write("made.yaml", """
            apiVersion: external-secrets.io/v1
            kind: ExternalSecret
            metadata: {name: db, namespace: shop}
            spec: {target: {name: password}}
            ---
            apiVersion: cert-manager.io/v1
            kind: Certificate
            metadata: {name: it, namespace: shop}
            spec: {secretName: tls}
            """);
        var model = Read("1.35");
        Assert.Empty(model.Unknown);
        var note = Assert.Single(model.Notes);
        Assert.Equal(
            ("Deployment shop/it", "its pods do not start without ServiceAccount shop/api, ConfigMap shop/settings, which nothing here creates; add them, or mark the reference optional"),
            (note.Subject, note.Text));
    }

    [Fact]
    public void Objects_of_the_Prometheus_operator_make_its_pods()
    {
        _scratch.Write("it.yaml", """
            apiVersion: monitoring.coreos.com/v1
            kind: Prometheus
            metadata: {name: k8s, namespace: shop}
            spec: {replicas: 2, podMetadata: {labels: {app: p}}, resources: {requests: {memory: 400Mi}}}
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: p, namespace: shop}
            spec: {minAvailable: 1, selector: {matchLabels: {app: p, prometheus: k8s}}}
            """);
        var model = Read("1.35");
        Assert.Empty(model.Unknown);
        var pods = Assert.Single(model.Workloads);
        Assert.Equal(("shop/prometheus-k8s", WorkloadKind.StatefulSet, 2, 450L << 20), (pods.Id, pods.Kind, pods.Replicas, pods.Pods.Requests.MemoryBytes));
        Assert.Equal(1, EvictionRoom.Of(model, pods).Allowed);
    }

    [Fact]
    public void The_program_is_held_to_the_version_of_its_cluster()
    {
        var graph = new GraphBuilder();
        graph.Resource("aws:eks/cluster:Cluster", "main", new { version = "1.35" });
        graph.Resource("kubernetes:policy/v1beta1:PodDisruptionBudget", "old", new { metadata = new { name = "old", @namespace = "shop" }, spec = new { minAvailable = 1 } });
        var model = ClusterModelReader.Of(graph.Build());
        Assert.Empty(model.Budgets);
        Assert.Equal("PodDisruptionBudget shop/old", Assert.Single(model.Unknown).Subject);
    }

    private static string Deployment(string spec) => $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: it, namespace: shop}
        spec: {replicas: 2, selector: {matchLabels: {app: it} }, template: {metadata: {labels: {app: it} }, spec: {containers: [{name: a}], {{spec}} } } }
        """;

    private ClusterModel Read(string version) =>
        ManifestModel.Add(new ClusterModel { Name = "test", Zones = ["a", "b"], Version = version, Namespaces = ["shop"] }, _scratch.Path);
}
