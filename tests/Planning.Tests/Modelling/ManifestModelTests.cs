using System.Collections.Immutable;
using HaCluster.Planning.Modelling;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Modelling;

public sealed class ManifestModelTests : IDisposable
{
    private const string Shop = """
        # A shop.
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: shop, namespace: payments}
        spec:
          replicas: 3
          template:
            metadata: {labels: {app: shop}}
            spec:
              containers:
              - name: shop
                resources: {requests: {cpu: 250m}}
        ---
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: shop, namespace: payments}
        spec: {minAvailable: 50%, selector: {matchLabels: {app: shop}}}
        ---

        """;

    private readonly Scratch _scratch = new();

    private static ClusterModel Cluster => new()
    {
        Name = "test",
        Zones = ["a", "b"],
        Namespaces = ["payments"],
        Serving = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal).Add("payments/shop", 2),
        Unknown = [new UnknownObject("ha-cluster:objectives.serving.payments/shop", "absent")],
        ContainerDefaults =
        [
            new ContainerDefault(
                "payments",
                new Dictionary<string, decimal> { ["memory"] = 256 << 20 }.ToImmutableSortedDictionary(),
                new Dictionary<string, decimal> { ["memory"] = 512 << 20 }.ToImmutableSortedDictionary()),
        ],
    };

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Documents_of_a_file_arrive_with_the_defaults_of_the_namespace_and_its_promise()
    {
        _scratch.Write("apps/shop.yaml", Shop);
        var model = ManifestModel.Add(Cluster, _scratch.Path, isRecursive: true);
        var shop = Assert.Single(model.Workloads);
        Assert.Equal(new Resources(250, 256 << 20, 0), shop.Pods.Requests);
        Assert.Equal(512 << 20, shop.Pods.Limits.MemoryBytes);
        Assert.Equal(2, shop.MinServing);
        Assert.StartsWith("apps/shop.yaml:3", shop.Source.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(model.Budgets).DesiredHealthy(3));
        Assert.Empty(model.Unknown);
    }

    [Fact]
    public void Lists_and_json_are_read_too()
    {
        _scratch.Write("all.json", """{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"apps/v1","kind":"DaemonSet","metadata":{"name":"agent","namespace":"payments"},"spec":{"template":{"spec":{"containers":[{"name":"a"}]}}}}]}""");
        Assert.Equal(WorkloadKind.DaemonSet, Assert.Single(ManifestModel.Add(Cluster, _scratch.Path).Workloads).Kind);
    }

    [Fact]
    public void A_load_balancer_of_a_manifest_leads_to_its_pods()
    {
        _scratch.Write("shop.yaml", Shop);
        _scratch.Write("service.yml", "apiVersion: v1\nkind: Service\nmetadata: {name: shop, namespace: payments}\nspec: {type: LoadBalancer, selector: {app: shop}}\n");
        var entry = Assert.Single(ManifestModel.Add(Cluster, _scratch.Path).EntryPoints);
        Assert.Equal(("payments/shop", false), (entry.Target, entry.CrossesZones));
        Assert.Equal(["a", "b"], entry.Zones.AsEnumerable());
    }

    [Fact]
    public void A_namespace_nobody_declared_and_a_kind_nobody_knows_are_reported()
    {
        _scratch.Write("x.yaml", Shop.Replace("payments", "shops", StringComparison.Ordinal) + "apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: k, namespace: payments}\n");
        var unknown = ManifestModel.Add(Cluster, _scratch.Path).Unknown.Select(one => one.Subject).ToList();
        Assert.Contains("namespace shops", unknown);
        Assert.Contains("Kafka payments/k", unknown);
    }

    [Fact]
    public void What_the_cluster_runs_already_is_not_counted_twice_in_silence()
    {
        _scratch.Write("shop.yaml", Shop);
        var twice = ManifestModel.Add(ManifestModel.Add(Cluster, _scratch.Path), _scratch.Path);
        Assert.Contains(twice.Unknown, unknown => unknown.Subject == "Deployment payments/shop");
    }

    [Theory]
    [InlineData("a: [1\n", "m.yaml:")]
    [InlineData("hello\n", "m.yaml:1: this is not a Kubernetes object")]
    [InlineData("apiVersion: v1\nkind: Pod\nspec: {containers: []}\n", "m.yaml:1: Pod has no metadata.name")]
    [InlineData("apiVersion: v1\nkind: Node\nmetadata: {name: n}\n", "m.yaml:1: Node has the boolean false as its metadata.name: without quotes YAML 1.1 reads n, no and off as false")]
    [InlineData("apiVersion: v1\nkind: Node\nmetadata: {name: 17}\n", "m.yaml:1: Node has the number 17 as its metadata.name")]
    [InlineData("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n", "m.yaml:1: Pod p: it has no spec")]
    [InlineData("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{resources: {limits: {cpu: lots}}}]}\n", "spec.containers[0].resources.limits.cpu is \"lots\"; write a quantity")]
    [InlineData("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {replicas: many, template: {spec: {}}}\n", "spec.replicas is \"many\"; write a whole number")]
    [InlineData("apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: b}\nspec: {minAvailable: 1, maxUnavailable: 1}\n", "Kubernetes takes one of them")]
    public void Faults_are_named_with_their_place(string text, string message)
    {
        _scratch.Write("m.yaml", text);
        var exception = Assert.Throws<UnreadableInputException>(() => ManifestModel.Add(Cluster, _scratch.Path));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        _scratch.Write("one.yaml", Shop + "apiVersion: v1\nkind: Pod\n");
        _scratch.Write("two.json", "{");
        var message = Assert.Throws<UnreadableInputException>(() => ManifestModel.Add(Cluster, _scratch.Path)).Message;
        Assert.Contains("one.yaml:20 (document 3): Pod has no metadata.name", message, StringComparison.Ordinal);
        Assert.Contains("two.json:1: this is not valid JSON", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_without_manifests_is_refused()
    {
        Assert.Contains("holds no .yaml", Assert.Throws<UnreadableInputException>(() => ManifestModel.Add(Cluster, _scratch.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("is neither a directory nor a file", Assert.Throws<UnreadableInputException>(() => ManifestModel.Add(Cluster, _scratch.At("none"))).Message, StringComparison.Ordinal);
    }
}
