using HaCluster.Engine.Values;
using HaCluster.Planning.Rendering;
using HaCluster.Planning.Tests.Graphs;

namespace HaCluster.Planning.Tests.Rendering;

public sealed class RenderTests
{
    [Fact]
    public void An_object_is_written_as_people_write_it()
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", "deny", new
        {
            apiVersion = "networking.k8s.io/v1",
            kind = "NetworkPolicy",
            metadata = new { name = "default-deny", @namespace = "payments", labels = new { app = "yes" } },
            spec = new
            {
                podSelector = new { },
                policyTypes = new[] { "Ingress", "Egress" },
                egress = new object[] { new { ports = new object[] { new { port = 53, protocol = "UDP" } }, to = Array.Empty<string>() } },
            },
        });
        AssertFile(graph, "25-networkpolicy-payments-default-deny.yaml", """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata:
              name: default-deny
              namespace: payments
              labels:
                app: "yes"
            spec:
              egress:
              - ports:
                - port: 53
                  protocol: UDP
                to: []
              podSelector: {}
              policyTypes:
              - Ingress
              - Egress

            """);
    }

    [Fact]
    public void A_name_the_program_left_out_is_the_one_the_engine_made()
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:core/v1:ConfigMap", "settings", new { data = new { text = "a\n  b\n" } }, outputs: new { metadata = new { name = "settings-1a2b3c4d" } });
        AssertFile(graph, "40-configmap-settings-1a2b3c4d.yaml", """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: settings-1a2b3c4d
            data:
              text: |
                a
                  b

            """);
    }

    [Fact]
    public void The_values_of_a_secret_are_withheld_and_its_keys_are_not()
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:core/v1:Secret", "token", new
        {
            metadata = new { name = "token", @namespace = "platform" },
            data = new PropertyValue.Secret(Values.Of(new { password = "PLAINTEXT" })),
            stringData = new { user = "PLAINTEXT" },
            type = "Opaque",
        });
        graph.Resource("kubernetes:core/v1:ConfigMap", "leak", new
        {
            metadata = new { name = "leak" },
            data = new { url = new PropertyValue.Output(Values.Of("PLAINTEXT"), IsSecret: true, []) },
        });
        var render = Render.Of(graph.Build());
        Assert.All(render.Files, file => Assert.DoesNotContain("PLAINTEXT", file.Text, StringComparison.Ordinal));
        Assert.Equal(["Secret platform/token: secret values are withheld", "ConfigMap leak: secret values are withheld"], render.Warnings.AsEnumerable());
        AssertFile(graph, "40-secret-platform-token.yaml", """
            # Secret values are withheld: fill in what reads [secret] before applying this file.
            apiVersion: v1
            kind: Secret
            metadata:
              name: token
              namespace: platform
            stringData:
              password: "[secret]"
              user: "[secret]"
            type: Opaque

            """);
    }

    [Fact]
    public void What_others_need_comes_first_and_objects_of_custom_kinds_last()
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:karpenter.sh/v1:NodePool", "general", Named("general"));
        graph.Resource("kubernetes:apps/v1:Deployment", "app", Named("app"));
        graph.Resource("kubernetes:core/v1:ResourceQuota", "quota", Named("quota"));
        graph.Resource("kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass", "snap", Named("snap"));
        graph.Resource("kubernetes:core/v1:Namespace", "ns", Named("ns"));
        graph.Resource("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "role", Named("system:reader"));
        graph.Resource("pulumi:providers:kubernetes", "provider");
        graph.Resource("aws:ec2/vpc:Vpc", "vpc");
        Assert.Equal(
            [
                "00-namespace-ns.yaml", "20-resourcequota-quota.yaml", "35-clusterrole-system-reader.yaml", "65-deployment-app.yaml",
                "90-nodepool-general.yaml", "90-volumesnapshotclass-snap.yaml",
            ],
            Render.Of(graph.Build()).Files.Select(file => file.Path));
    }

    [Fact]
    public void Objects_whose_names_meet_get_files_of_their_own_whatever_their_order()
    {
        object[] objects =
        [
            new { metadata = new { name = "b-c", @namespace = "a" } },
            new { metadata = new { name = "c", @namespace = "a-b" } },
        ];
        var names = new[] { objects, [.. objects.Reverse()] }.Select(order =>
        {
            var graph = new GraphBuilder();
            graph.Resource("kubernetes:core/v1:ConfigMap", "one", order[0]);
            graph.Resource("kubernetes:core/v1:ConfigMap", "two", order[1]);
            return Render.Of(graph.Build()).Files.Select(file => file.Path).ToList();
        }).ToList();
        Assert.Equal(2, names[0].Distinct().Count());
        Assert.Equal(names[0], names[1]);
    }

    [Fact]
    public void A_Helm_release_is_its_values_and_the_command_that_shows_its_objects()
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:helm.sh/v3:Release", "autoscaler", new
        {
            chart = "cluster-autoscaler",
            version = "9.46.0",
            @namespace = "kube-system",
            name = "autoscaler",
            repositoryOpts = new { repo = "https://example.org/charts" },
            values = new { replicaCount = 2, extraArgs = new Dictionary<string, object?> { ["balance-similar-node-groups"] = "true" } },
        });
        AssertFile(graph, "helm/kube-system-autoscaler.values", """
            # Values of a Helm release. Its objects, without a cluster:
            #   helm template autoscaler cluster-autoscaler --repo https://example.org/charts --version 9.46.0 --namespace kube-system --include-crds -f kube-system-autoscaler.values
            extraArgs:
              balance-similar-node-groups: "true"
            replicaCount: 2

            """);
    }

    [Fact]
    public void An_object_declared_twice_is_warned_of()
    {
        var graph = new GraphBuilder();
        graph.Resource("kubernetes:core/v1:Namespace", "one", Named("same"));
        graph.Resource("kubernetes:core/v1:Namespace", "two", Named("same"));
        var render = Render.Of(graph.Build());
        Assert.Single(render.Files);
        Assert.Contains("declared 2 times", Assert.Single(render.Warnings), StringComparison.Ordinal);
    }

    private static object Named(string name) => new { metadata = new { name } };

    private static void AssertFile(GraphBuilder graph, string path, string text)
    {
        var file = Assert.Single(Render.Of(graph.Build()).Files, file => file.Path == path);
        Assert.Equal(text.ReplaceLineEndings("\n"), file.Text);
    }
}
