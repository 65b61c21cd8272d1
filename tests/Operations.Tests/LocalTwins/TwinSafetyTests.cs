using System.Text.Json.Nodes;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Nodes;
using HaCluster.Operations.Proving;
using HaCluster.Operations.Zones;
using k8s.Models;

namespace HaCluster.Operations.Tests.LocalTwins;

/// <summary>The proof and the check before an evacuation say the same of the production stack.</summary>
public sealed class TwinSafetyTests(ProductionTwin twin) : IClassFixture<ProductionTwin>
{
    private const string Namespace = "trial";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Any_zone_of_a_cluster_whose_proof_has_no_violation_may_be_left_unless_it_has_the_only_replica_of_what_nobody_accepted()
    {
        var (session, runner) = await twin.ConnectAsync();
        var zones = (await session.Aws!.Ec2.ListZonesAsync(default)).Select(zone => zone.Name).ToList();
        var proof = await new LiveProver(session).ProveAsync(null, default);
        Assert.DoesNotContain(proof.Violations, violation => violation.Scenario.StartsWith("a zone lost", StringComparison.Ordinal));
        // Some of what the stack runs has one replica.
        Assert.Contains((await session.Kubernetes.ListAsync(Kinds.Deployments, ListScope.All, default)).Items, one => one.Spec.Replicas == 1);

        foreach (var zone in zones)
            Assert.Empty((await runner.PlanAsync(new SwitchZone(zone, Hour), default)).Refusals);

        await session.Kubernetes.CreateAsync(Kinds.Namespaces, null, new V1Namespace { Metadata = new V1ObjectMeta { Name = Namespace } }, default);
        await session.Kubernetes.CreateAsync(Kinds.Deployments, Namespace, Deployment("single"), default);
        V1Pod? pod = null;
        await Waiting.UntilAsync(
            "the replica is ready",
            async () => (pod = (await session.Kubernetes.ListAsync(Kinds.Pods, ListScope.In(Namespace), default)).Items is [var only, ..] ? only : null) is not null && Drainage.IsReady(pod),
            () => $"{(pod is null ? "no pod" : k8s.KubernetesJson.Serialize(pod.Status))}");
        var home = (await session.Kubernetes.FindAsync(Kinds.Nodes, null, pod!.Spec.NodeName, default))!.Zone();
        foreach (var zone in zones)
        {
            var refusals = (await runner.PlanAsync(new SwitchZone(zone, Hour), default)).Refusals;
            if (zone == home)
                Assert.Equal(("RestWouldNotHold", pod.Metadata.Name), (Assert.Single(refusals).Code, refusals[0].Pod));
            else
                Assert.Empty(refusals);
        }
    }

    private static V1Deployment Deployment(string name) => ObjectJson.Read<V1Deployment>(System.Text.Json.JsonSerializer.SerializeToElement(JsonNode.Parse($$"""
        { "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "{{name}}", "namespace": "{{Namespace}}" },
          "spec": { "replicas": 1, "selector": { "matchLabels": { "app": "{{name}}" } },
                    "template": { "metadata": { "labels": { "app": "{{name}}" } },
                                  "spec": { "containers": [ { "name": "main", "image": "registry.example.com/{{name}}:1", "resources": { "requests": { "cpu": "50m", "memory": "32Mi" }, "limits": { "memory": "32Mi" } } } ] } } } }
        """)));
}
