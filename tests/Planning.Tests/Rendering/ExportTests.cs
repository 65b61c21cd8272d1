using HaCluster.Engine.Values;
using HaCluster.Planning.Rendering;
using HaCluster.Planning.Tests.Graphs;
using YamlDotNet.RepresentationModel;

namespace HaCluster.Planning.Tests.Rendering;

/// <summary>The configuration of the programs that run in the cluster, in the form that these programs read.</summary>
public sealed class ExportTests
{
    private static readonly object AlertmanagerValues = new
    {
        alertmanager = new
        {
            config = new { route = new { receiver = "slack", group_by = new[] { "alertname" } }, receivers = new object[] { new { name = "slack" } } },
            templateFiles = new Dictionary<string, object?> { ["slack.tmpl"] = "{{ define \"a\" }}\n  b\n{{ end }}\n" },
        },
    };

    [Fact]
    public void A_PrometheusRule_is_a_rule_file_of_its_groups()
    {
        var graph = new GraphBuilder();
        Rule(graph, "monitoring", "nodes", "up == 0\n  and on() vector(1)\n");
        Assert.Equal(
            """
            groups:
            - name: nodes
              rules:
              - alert: Down
                expr: |
                  up == 0
                    and on() vector(1)
                for: 5m

            """.ReplaceLineEndings("\n"),
            Text(graph, "prometheus/rules/nodes.yaml"));
    }

    [Fact]
    public void Rules_of_one_name_in_two_namespaces_are_two_files()
    {
        var graph = new GraphBuilder();
        Rule(graph, "monitoring", "nodes", "a");
        Rule(graph, "platform", "nodes", "b");
        Assert.Equal(["prometheus/rules/monitoring-nodes.yaml", "prometheus/rules/platform-nodes.yaml"], Paths(graph, "prometheus/"));
    }

    [Theory]
    [InlineData("kube-prometheus-stack", true)]
    [InlineData("oci://registry.example/charts/kube-prometheus-stack", true)]
    [InlineData("my-kube-prometheus-stack", false)]
    [InlineData("prometheus", false)]
    public void Alertmanager_is_what_the_values_of_its_chart_say(string chart, bool isExported)
    {
        var graph = new GraphBuilder();
        Release(graph, "stack", chart, AlertmanagerValues);
        if (!isExported)
        {
            Assert.Empty(Paths(graph, "alertmanager/"));
            return;
        }

        Assert.Equal(["alertmanager/alertmanager.yaml", "alertmanager/slack.tmpl"], Paths(graph, "alertmanager/"));
        Assert.Equal("{{ define \"a\" }}\n  b\n{{ end }}\n", Text(graph, "alertmanager/slack.tmpl"));
        var yaml = new YamlStream();
        yaml.Load(new StringReader(Text(graph, "alertmanager/alertmanager.yaml")));
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        Assert.Equal("slack", root["route"]["receiver"].ToString());
        Assert.Equal("alertname", root["route"]["group_by"][0].ToString());
    }

    [Fact]
    public void A_secret_in_a_configuration_is_withheld_there_too()
    {
        var graph = new GraphBuilder();
        Release(graph, "stack", "kube-prometheus-stack", new
        {
            alertmanager = new
            {
                config = new { global = new { slack_api_url = new PropertyValue.Secret(Values.Of("PLAINTEXT")) } },
                templateFiles = new Dictionary<string, object?> { ["x.tmpl"] = new PropertyValue.Secret(Values.Of("PLAINTEXT")) },
            },
        });
        Assert.Contains("[secret]", Text(graph, "alertmanager/alertmanager.yaml"), StringComparison.Ordinal);
        Assert.All(Render.Of(graph.Build()).Files, file => Assert.DoesNotContain("PLAINTEXT", file.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Dashboards_and_other_config_maps_are_the_files_in_them()
    {
        var graph = new GraphBuilder();
        ConfigMap(graph, "monitoring", "dashboard-ha-cluster", new Dictionary<string, string> { ["ha-cluster.json"] = "{}" }, isDashboard: true);
        ConfigMap(graph, "chains", "front", new Dictionary<string, string> { ["haproxy.cfg"] = "global\n", ["allowed.lst"] = "eth_call\n" });
        Assert.Equal("{}", Text(graph, "grafana/ha-cluster.json"));
        Assert.Equal("global\n", Text(graph, "configs/chains-front/haproxy.cfg"));
        Assert.Equal(["configs/chains-front/allowed.lst", "configs/chains-front/haproxy.cfg"], Paths(graph, "configs/"));
    }

    [Fact]
    public void Config_maps_whose_names_meet_get_folders_of_their_own()
    {
        var graph = new GraphBuilder();
        ConfigMap(graph, "a-b", "c", new Dictionary<string, string> { ["k"] = "1" });
        ConfigMap(graph, "a", "b-c", new Dictionary<string, string> { ["k"] = "2" });
        Assert.Equal(["configs/a-b.c/k", "configs/a.b-c/k"], Paths(graph, "configs/"));
    }

    [Fact]
    public void A_key_never_leads_out_of_its_folder()
    {
        var graph = new GraphBuilder();
        ConfigMap(graph, "a", "b", new Dictionary<string, string> { [".."] = "1", ["../../x"] = "2" });
        Assert.Equal(["configs/a-b/-", "configs/a-b/..-..-x"], Paths(graph, "configs/"));
    }

    [Fact]
    public void Fluent_Bit_is_put_together_as_its_chart_does()
    {
        var graph = new GraphBuilder();
        Release(graph, "fluent-bit", "fluent-bit", new
        {
            config = new
            {
                outputs = "[OUTPUT]\n    Name opensearch\n",
                inputs = "[INPUT]\n    Name tail",
                service = "[SERVICE]\n    Flush 1\n",
                customParsers = "[PARSER]\n",
                extraFiles = new Dictionary<string, object?> { ["map.txt"] = "a\n" },
            },
            luaScripts = new Dictionary<string, object?> { ["redact.lua"] = "return 1\n" },
        });
        Assert.Equal(
            ["fluent-bit/custom_parsers.conf", "fluent-bit/fluent-bit.conf", "fluent-bit/map.txt", "fluent-bit/redact.lua"], Paths(graph, "fluent-bit/"));
        Assert.Equal(
            "[SERVICE]\n    Flush 1\n\n[INPUT]\n    Name tail\n\n[OUTPUT]\n    Name opensearch\n", Text(graph, "fluent-bit/fluent-bit.conf"));
    }

    [Fact]
    public void Two_shippers_do_not_overwrite_each_other()
    {
        var graph = new GraphBuilder();
        Release(graph, "nodes", "fluent-bit", new { config = new { service = "a" } });
        Release(graph, "events", "fluent-bit", new { config = new { service = "b" } });
        Assert.Equal(["fluent-bit/monitoring-events/fluent-bit.conf", "fluent-bit/monitoring-nodes/fluent-bit.conf"], Paths(graph, "fluent-bit/"));
    }

    [Fact]
    public void Nothing_that_kubectl_would_take_for_an_object_is_beside_the_objects()
    {
        var graph = new GraphBuilder();
        Rule(graph, "monitoring", "nodes", "a");
        Release(graph, "stack", "kube-prometheus-stack", AlertmanagerValues);
        ConfigMap(graph, "monitoring", "d", new Dictionary<string, string> { ["d.json"] = "{}" }, isDashboard: true);
        Assert.Equal(
            ["40-configmap-monitoring-d.yaml", "90-prometheusrule-monitoring-nodes.yaml"],
            Render.Of(graph.Build()).Files.Select(file => file.Path).Where(path => !path.Contains('/', StringComparison.Ordinal)));
    }

    private static void Rule(GraphBuilder graph, string @namespace, string name, string expression) =>
        graph.Resource("kubernetes:monitoring.coreos.com/v1:PrometheusRule", $"{@namespace}-{name}", new
        {
            metadata = new { name, @namespace },
            spec = new { groups = new object[] { new { name, rules = new object[] { new { alert = "Down", expr = expression, @for = "5m" } } } } },
        });

    private static void Release(GraphBuilder graph, string name, string chart, object values) =>
        graph.Resource("kubernetes:helm.sh/v3:Release", name, new { chart, name, @namespace = "monitoring", values });

    private static void ConfigMap(
        GraphBuilder graph, string @namespace, string name, Dictionary<string, string> data, bool isDashboard = false) =>
        graph.Resource("kubernetes:core/v1:ConfigMap", $"{@namespace}/{name}", new
        {
            metadata = new { name, @namespace, labels = isDashboard ? new Dictionary<string, object?> { ["grafana_dashboard"] = "1" } : [] },
            data = data.ToDictionary(entry => entry.Key, entry => (object?)entry.Value),
        });

    private static IEnumerable<string> Paths(GraphBuilder graph, string folder) =>
        Render.Of(graph.Build()).Files.Select(file => file.Path).Where(path => path.StartsWith(folder, StringComparison.Ordinal));

    private static string Text(GraphBuilder graph, string path) => Assert.Single(Render.Of(graph.Build()).Files, file => file.Path == path).Text;
}
