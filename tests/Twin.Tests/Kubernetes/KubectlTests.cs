namespace HaCluster.Twin.Tests.Kubernetes;

/// <summary>The real kubectl, old and new.</summary>
public sealed class KubectlTests
{
    private const string Web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: web, namespace: default }
        spec:
          replicas: 2
          selector: { matchLabels: { app: web } }
          template:
            metadata: { labels: { app: web } }
            spec: { containers: [{ name: main, image: "web:1", ports: [{ containerPort: 80 }] }] }
        """;

    public static TheoryData<string> Programs => Kubectl.Programs;

    [SkippableTheory, MemberData(nameof(Programs))]
    public async Task Apply_creates_then_merges_then_changes_nothing(string program)
    {
        Kubectl.SkipWithout(program);
        await using var cluster = await TestCluster.StartAsync();
        var kubectl = new Kubectl(program, cluster);
        Assert.Contains("created", await kubectl.OkAsync("apply -f -", Web));
        Assert.Contains("unchanged", await kubectl.OkAsync("apply -f -", Web));
        await kubectl.OkAsync("scale deployment web --replicas 5");
        Assert.Contains("configured", await kubectl.OkAsync("apply -f -", Web.Replace("web:1", "web:2", StringComparison.Ordinal)));
        var live = cluster.Store.Get(cluster.Store.Kinds["deployments.apps"], "default", "web");
        Assert.Equal("web:2", live.Find("spec", "template", "spec", "containers")!.Value[0].GetProperty("image").GetString());
        Assert.Equal(2, live.Number("spec", "replicas"));
        Assert.Equal(3, live.Generation);
    }

    [SkippableTheory, MemberData(nameof(Programs))]
    public async Task Apply_names_an_unknown_field(string program)
    {
        Kubectl.SkipWithout(program);
        await using var cluster = await TestCluster.StartAsync();
        var (code, text) = await new Kubectl(program, cluster).RunAsync("apply -f -", Web.Replace("replicas:", "replicaz:", StringComparison.Ordinal));
        Assert.Equal(1, code);
        Assert.Contains("replicaz", text);
    }

    [SkippableTheory, MemberData(nameof(Programs))]
    public async Task Server_side_apply_tells_of_a_conflict_and_takes_over_when_forced(string program)
    {
        Kubectl.SkipWithout(program);
        await using var cluster = await TestCluster.StartAsync();
        var kubectl = new Kubectl(program, cluster);
        await kubectl.OkAsync("apply --server-side --field-manager one -f -", Web);
        var changed = Web.Replace("replicas: 2", "replicas: 4", StringComparison.Ordinal);
        var (code, text) = await kubectl.RunAsync("apply --server-side --field-manager two -f -", changed);
        Assert.Equal(1, code);
        Assert.Contains("Apply failed with 1 conflict: conflict with \"one\": .spec.replicas", text);
        await kubectl.OkAsync("apply --server-side --field-manager two --force-conflicts -f -", changed);
        Assert.Equal("4", await kubectl.OkAsync("get deployment web -o jsonpath={.spec.replicas}"));
    }

    [SkippableTheory, MemberData(nameof(Programs))]
    public async Task Diff_shows_what_apply_would_change(string program)
    {
        Kubectl.SkipWithout(program);
        await using var cluster = await TestCluster.StartAsync();
        var kubectl = new Kubectl(program, cluster);
        await kubectl.OkAsync("apply -f -", Web);
        var before = cluster.Store.ResourceVersion;
        var (code, text) = await kubectl.RunAsync("diff -f -", Web.Replace("web:1", "web:2", StringComparison.Ordinal));
        Assert.Equal(1, code);
        Assert.Contains("web:2", text);
        Assert.Equal(before, cluster.Store.ResourceVersion);
    }

    [SkippableTheory, MemberData(nameof(Programs))]
    public async Task Get_prints_the_columns_of_pods_and_nodes(string program)
    {
        Kubectl.SkipWithout(program);
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddNode("node-1");
        cluster.AddPod("web-1");
        var kubectl = new Kubectl(program, cluster);
        Assert.Matches("web-1 +0/1 +Running +0 ", await kubectl.OkAsync("get pods -A"));
        Assert.Matches("web-1 .* node-1 ", await kubectl.OkAsync("get pods -o wide"));
        Assert.Matches("node-1 +Ready +<none> .*v1.36.0", await kubectl.OkAsync("get nodes"));
        Assert.Contains("Name:", await kubectl.OkAsync("describe pod web-1"));
        Assert.Contains("No resources found", await kubectl.OkAsync("get pods -l app=none"));
    }

    [SkippableTheory, MemberData(nameof(Programs))]
    public async Task Label_annotate_cordon_and_delete_change_what_they_say(string program)
    {
        Kubectl.SkipWithout(program);
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddNode("node-1");
        var kubectl = new Kubectl(program, cluster);
        await kubectl.OkAsync("label node node-1 zone=a");
        await kubectl.OkAsync("annotate node node-1 note=b");
        await kubectl.OkAsync("cordon node-1");
        Assert.Equal("a,b,true", await kubectl.OkAsync("get node node-1 -o jsonpath={.metadata.labels.zone},{.metadata.annotations.note},{.spec.unschedulable}"));
        Assert.Contains("SchedulingDisabled", await kubectl.OkAsync("get nodes"));
        await kubectl.OkAsync("uncordon node-1");
        await kubectl.OkAsync("delete node node-1");
        Assert.Equal(1, (await kubectl.RunAsync("get node node-1")).ExitCode);
    }

    [SkippableTheory, MemberData(nameof(Programs))]
    public async Task Drain_evicts_pods_and_stops_at_a_budget(string program)
    {
        Kubectl.SkipWithout(program);
        await using var cluster = (await TestCluster.StartAsync()).WithKubelets();
        cluster.AddNode("node-1");
        cluster.AddPod("free", app: "free");
        cluster.AddPod("guarded", app: "guarded");
        var kubectl = new Kubectl(program, cluster);
        await kubectl.OkAsync("apply -f -", """
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: { name: keep, namespace: default }
            spec: { minAvailable: 1, selector: { matchLabels: { app: guarded } } }
            """);
        var (code, text) = await kubectl.RunAsync("drain node-1 --force --timeout=15s");
        Assert.Equal(1, code);
        Assert.Contains("Cannot evict pod as it would violate the pod's disruption budget", text);
        Assert.Null(cluster.Store.Find(cluster.Store.Kinds["pods"], "default", "free"));
        Assert.NotNull(cluster.Store.Find(cluster.Store.Kinds["pods"], "default", "guarded"));
        await kubectl.OkAsync("delete pdb keep");
        await kubectl.OkAsync("drain node-1 --force --timeout=240s");
        Assert.Empty(cluster.Store.List(cluster.Store.Kinds["pods"]).Items);
    }

    [SkippableTheory, MemberData(nameof(Programs))]
    public async Task Rollout_status_follows_a_deployment_until_it_is_done(string program)
    {
        Kubectl.SkipWithout(program);
        await using var cluster = await TestCluster.StartAsync();
        var kubectl = new Kubectl(program, cluster);
        await kubectl.OkAsync("apply -f -", Web);
        var status = kubectl.OkAsync("rollout status deployment web --timeout=240s");
        var deployments = cluster.Store.Kinds["deployments.apps"];
        cluster.Store.Change(deployments, "default", "web", value => value["status"] = TestCluster.Json(
            """{ "observedGeneration": 1, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2 }"""));
        Assert.Contains("successfully rolled out", await status);
    }

    // Newer ones send Protobuf here.
    [SkippableTheory, MemberData(nameof(Programs))]
    public async Task Typed_create_commands_store_what_they_are_given(string program)
    {
        Kubectl.SkipWithout(program);
        await using var cluster = await TestCluster.StartAsync();
        var kubectl = new Kubectl(program, cluster);
        await kubectl.OkAsync("create namespace shop");
        await kubectl.OkAsync("-n shop create deployment web --image web:1 --replicas 3 --port 8080");
        await kubectl.OkAsync("-n shop create configmap settings --from-literal a=b");
        await kubectl.OkAsync("-n shop create quota team --hard pods=4,requests.cpu=2");
        var web = cluster.Store.Get(cluster.Store.Kinds["deployments.apps"], "shop", "web");
        Assert.Equal(3, web.Number("spec", "replicas"));
        Assert.Equal(8080, web.Find("spec", "template", "spec", "containers")!.Value[0].GetProperty("ports")[0].GetProperty("containerPort").GetInt32());
        Assert.Equal("web", web.Text("spec", "selector", "matchLabels", "app"));
        Assert.Equal("b", cluster.Store.Get(cluster.Store.Kinds["configmaps"], "shop", "settings").Text("data", "a"));
        Assert.Equal("2", cluster.Store.Get(cluster.Store.Kinds["resourcequotas"], "shop", "team").Text("spec", "hard", "requests.cpu"));
    }

    [SkippableTheory, MemberData(nameof(Programs))]
    public async Task A_deleted_namespace_takes_its_content_along(string program)
    {
        Kubectl.SkipWithout(program);
        await using var cluster = await TestCluster.StartAsync();
        var kubectl = new Kubectl(program, cluster);
        await kubectl.OkAsync("apply -f -", """{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop" } }""");
        await kubectl.OkAsync("-n shop apply -f -", """{ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "settings" }, "data": { "a": "b" } }""");
        await kubectl.OkAsync("delete namespace shop --timeout=240s");
        Assert.Empty(cluster.Store.List(cluster.Store.Kinds["configmaps"], "shop").Items);
    }

    [SkippableTheory, MemberData(nameof(Programs))]
    public async Task A_custom_resource_is_known_as_soon_as_it_is_defined(string program)
    {
        Kubectl.SkipWithout(program);
        await using var cluster = await TestCluster.StartAsync();
        var kubectl = new Kubectl(program, cluster);
        await kubectl.OkAsync("apply -f -", CustomKindTests.Definition);
        await kubectl.OkAsync("apply -f -", """{ "apiVersion": "example.com/v1", "kind": "Chain", "metadata": { "name": "btc", "namespace": "default" }, "spec": { "replicas": 3 } }""");
        Assert.Matches("btc +3", await kubectl.OkAsync("get chains"));
        await kubectl.OkAsync("scale chain btc --replicas 4");
        Assert.Matches("btc +4", await kubectl.OkAsync("get ch"));
    }
}
