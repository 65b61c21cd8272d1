using HaCluster.Planning.Modelling;
using HaCluster.Planning.Modelling.Manifests;
using HaCluster.Planning.Stacks;
using HaCluster.Simulation.Model;

namespace HaCluster.Planning.Tests.Modelling;

/// <summary>What people give as manifests: dumps, folders of several tools, words of YAML 1.1.</summary>
public sealed class ManifestInputTests : IDisposable
{
    private const string Web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: web
                image: example.com/web:1
        """;

    private readonly Scratch _scratch = new();

    private static ClusterModel Cluster => new() { Name = "test", Zones = ["a", "b"], Version = "1.35", Namespaces = ["shop"] };

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void An_object_that_two_files_hold_counts_once()
    {
        _scratch.Write("a.yaml", Web);
        _scratch.Write("b.json", """
            {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"namespace":"shop","name":"web","resourceVersion":"7","uid":"u","managedFields":[]},
             "spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"web","image":"example.com/web:1"}]}}},
             "status":{"readyReplicas":2}}
            """);
        var model = Read();
        Assert.Equal("shop/web", Assert.Single(model.Workloads).Id);
        Assert.Empty(model.Unknown);
    }

    [Fact]
    public void An_object_that_two_files_hold_differently_is_an_error_with_both_places()
    {
        _scratch.Write("a.yaml", Web);
        _scratch.Write("b.yaml", Web.Replace("replicas: 2", "replicas: 3", StringComparison.Ordinal));
        Assert.StartsWith("Deployment shop/web is declared twice with different content: a.yaml:1 and b.yaml:1;", Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Items_of_a_typed_list_have_the_kind_of_the_list()
    {
        _scratch.Write("pods.json", """{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"p","namespace":"shop"},"spec":{"containers":[{"name":"a"}]}}]}""");
        _scratch.Write("empty.json", """{"kind":"ServiceList","apiVersion":"v1","items":null} {"kind":"PodList","apiVersion":"v1","items":[]}""");
        Assert.Equal(WorkloadKind.Pod, Assert.Single(Read().Workloads).Kind);
    }

    [Theory]
    [InlineData("yes", 0)]
    [InlineData("On", 0)]
    [InlineData("true", 0)]
    [InlineData("no", 1)]
    [InlineData("OFF", 1)]
    public void Booleans_are_those_of_YAML_1_1_as_kubectl_reads_them(string word, int jobs)
    {
        _scratch.Write("job.yaml", CronJob(word));
        Assert.Equal(jobs, Assert.Single(Read().Workloads).Replicas);
    }

    [Theory]
    [InlineData("ja")]
    [InlineData("\"true\"")]
    [InlineData("1")]
    public void Any_other_word_is_not_a_boolean(string word)
    {
        _scratch.Write("job.yaml", CronJob(word));
        Assert.Contains("spec.suspend is ", Problem(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replicas: 2", "replicas: \"2\"", "spec.replicas is \"2\"; write a whole number, without quotes")]
    [InlineData("labels: {app: web}", "labels: {app: web, version: 1.0}", "labels.version is 1, but it must be a string: put it in quotes")]
    [InlineData("image: example.com/web:1", "env: [{name: DEBUG, value: on}]", "env[0].value is true, but it must be a string")]
    public void Values_of_a_wrong_type_are_refused_as_the_API_server_does(string from, string to, string problem)
    {
        _scratch.Write("web.yaml", Web.Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(problem, Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fraction_of_a_byte_is_worth_knowing()
    {
        _scratch.Write("web.yaml", Web + "\n        resources: {limits: {memory: 512m, cpu: 250m}}");
        var note = Assert.Single(Read().Notes);
        Assert.Equal("Deployment shop/web", note.Subject);
        Assert.Contains("limits.memory of container web is \"512m\", which is 0.512 of a byte: m means thousandths, 512Mi was probably meant", note.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{- if .Values.on }}\nkind: Pod\n{{- end }}\n")]
    [InlineData("apiVersion: v1\nkind: Pod\nmetadata: {name: \"{{ .Release.Name }}-web\"}\nspec: {containers: []}\n")]
    public void A_template_is_named_with_what_renders_it(string text)
    {
        _scratch.Write("web.yaml", text);
        Assert.Contains("helm template", Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_without_a_namespace_are_one_note_and_go_where_the_option_says()
    {
        _scratch.Write("web.yaml", Web.Replace(", namespace: shop", "", StringComparison.Ordinal));
        var model = Read();
        Assert.Equal(("default/web", "namespace default"), (Assert.Single(model.Workloads).Id, Assert.Single(model.Notes).Subject));
        Assert.Contains("--namespace NAME", model.Notes[0].Text, StringComparison.Ordinal);

        var placed = ManifestModel.Add(Cluster, _scratch.Path, "shop");
        Assert.Equal("shop/web", Assert.Single(placed.Workloads).Id);
        Assert.Empty(placed.Notes);
    }

    [Fact]
    public void Owners_in_a_circle_own_nothing()
    {
        _scratch.Write("all.yaml", """
            apiVersion: v1
            kind: Node
            metadata: {name: node-a, labels: {topology.kubernetes.io/zone: a}}
            status: {allocatable: {cpu: "4", memory: 8Gi, pods: "110"}}
            ---
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata: {name: one, namespace: shop, ownerReferences: [{kind: ReplicaSet, name: two, controller: true}]}
            spec: {replicas: 1, template: {spec: {containers: [{name: a}]}}}
            ---
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata: {name: two, namespace: shop, ownerReferences: [{kind: ReplicaSet, name: three, controller: true}]}
            spec: {replicas: 1, template: {spec: {containers: [{name: a}]}}}
            ---
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata: {name: three, namespace: shop, ownerReferences: [{kind: ReplicaSet, name: one, controller: true}]}
            spec: {replicas: 1, template: {spec: {containers: [{name: a}]}}}
            """);
        Assert.Equal(3, ClusterDirectory.Read(_scratch.Path).Workloads.Length);
    }

    [Theory]
    [InlineData("x.json", "{\"kind\": \"Pod\",}")]
    [InlineData("x.json", "[[[[")]
    [InlineData("x.json", "")]
    [InlineData("x.yaml", "")]
    [InlineData("x.yaml", "---\n---\n# nothing\n")]
    [InlineData("x.yaml", "\u0000\u0001")]
    [InlineData("x.yaml", "kind: List\napiVersion: v1\nitems: [null, 1, [], {}]\n")]
    [InlineData("x.yaml", "apiVersion: v1\nkind: Pod\nmetadata: [1]\nspec: no\n")]
    [InlineData("x.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {replicas: -1, template: {spec: {containers: 5, volumes: {a: b}, affinity: [1]}}}\n")]
    [InlineData("x.yaml", "? [a]\n: b\n")]
    [InlineData("x.yaml", "a: &a [*a]\n")]
    public void Input_that_is_not_a_manifest_never_ends_in_a_stack_trace(string name, string text)
    {
        _scratch.Write(name, text);
        Assert.NotEmpty(Problem());
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        _scratch.Write("x.yaml", "a: " + new string('[', 50_000));
        _scratch.Write("y.json", new string('[', 50_000));
        Assert.NotEmpty(Problem());
    }

    [Fact]
    public void A_byte_order_mark_and_the_line_ends_of_Windows_do_not_matter()
    {
        _scratch.Write("web.yaml", "\uFEFF" + Web.ReplaceLineEndings("\r\n"));
        _scratch.Write("pods.json", "\uFEFF{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"items\":[]}");
        Assert.Single(Read().Workloads);
    }

    /// <summary>As PowerShell 5 writes what <c>kubectl get -o json</c> prints.</summary>
    [Fact]
    public void JSON_in_UTF_16_is_read_and_in_another_encoding_refused()
    {
        const string Pod = """{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","namespace":"shop","annotations":{"city":"Zürich"}},"spec":{"containers":[{"name":"a"}]}}""";
        File.WriteAllText(_scratch.At("pod.json"), Pod, System.Text.Encoding.Unicode);
        Assert.Equal(WorkloadKind.Pod, Assert.Single(Read().Workloads).Kind);
        File.WriteAllText(_scratch.At("pod.json"), Pod, System.Text.Encoding.Latin1);
        Assert.Contains("pod.json:1:99: this is not valid UTF-8", Problem(), StringComparison.Ordinal);
    }

    private static string CronJob(string suspend) => $$"""
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: nightly, namespace: shop}
        spec: {suspend: {{suspend}}, schedule: "0 2 * * *", jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: "r/x:1"}]} } } } }
        """;

    private ClusterModel Read() => ManifestModel.Add(Cluster, _scratch.Path);

    private string Problem() => Assert.Throws<UnreadableInputException>(() => ManifestDirectory.Read(_scratch.Path)).Message;
}
