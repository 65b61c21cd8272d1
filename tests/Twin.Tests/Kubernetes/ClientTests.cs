using k8s;
using k8s.Autorest;
using k8s.Models;

namespace HaCluster.Twin.Tests.Kubernetes;

/// <summary>The official C# client.</summary>
public sealed class ClientTests
{
    private static V1Deployment Web(int replicas = 2) => new()
    {
        ApiVersion = "apps/v1",
        Kind = "Deployment",
        Metadata = new() { Name = "web" },
        Spec = new()
        {
            Replicas = replicas,
            Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } },
            Template = new()
            {
                Metadata = new() { Labels = new Dictionary<string, string> { ["app"] = "web" } },
                Spec = new() { Containers = [new() { Name = "main", Image = "web:1" }] },
            },
        },
    };

    [Fact]
    public async Task Objects_are_created_read_replaced_and_deleted()
    {
        await using var cluster = await TestCluster.StartAsync();
        var apps = cluster.Client.AppsV1;
        var created = await apps.CreateNamespacedDeploymentAsync(Web(), "default");
        Assert.Equal("RollingUpdate", created.Spec.Strategy.Type);
        created.Spec.Replicas = 3;
        var replaced = await apps.ReplaceNamespacedDeploymentAsync(created, "web", "default");
        Assert.Equal(2, replaced.Metadata.Generation);
        var stale = await Assert.ThrowsAsync<HttpOperationException>(() => apps.ReplaceNamespacedDeploymentAsync(created, "web", "default"));
        Assert.Equal(System.Net.HttpStatusCode.Conflict, stale.Response.StatusCode);
        var deleted = await apps.DeleteNamespacedDeploymentAsync("web", "default");
        Assert.Equal("Success", deleted.Status);
        Assert.Empty((await apps.ListNamespacedDeploymentAsync("default")).Items);
    }

    [Fact]
    public async Task A_watch_that_starts_at_a_list_sees_what_follows()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.AddPod("before");
        var list = await cluster.Client.CoreV1.ListNamespacedPodAsync("default");
        Assert.Single(list.Items);
        var seen = new List<string>();
        using var stop = new CancellationTokenSource(Waiting.Limit);
        var watching = Task.Run(async () =>
        {
            await foreach (var (type, pod) in cluster.Client.CoreV1.WatchListNamespacedPodAsync("default", resourceVersion: list.Metadata.ResourceVersion, cancellationToken: stop.Token))
            {
                seen.Add($"{type} {pod.Metadata.Name}");
                if (seen.Count == 3)
                    return;
            }
        });
        cluster.AddPod("after");
        cluster.Store.Change(cluster.Store.Kinds["pods"], "default", "after", pod => pod["status"]!["phase"] = "Failed");
        cluster.Store.Delete(cluster.Store.Kinds["pods"], "default", "after");
        await watching;
        Assert.Equal(["Added after", "Modified after", "Deleted after"], seen);
    }

    [Fact]
    public async Task A_watch_from_a_compacted_version_gets_410()
    {
        await using var cluster = await TestCluster.StartAsync();
        var first = cluster.AddPod("a").ResourceVersion;
        cluster.AddPod("b");
        cluster.Store.Compact();
        var (code, body) = await cluster.SendAsync(HttpMethod.Get, $"/api/v1/pods?watch=true&resourceVersion={first}");
        Assert.Equal((410, "Expired"), (code, (string?)body["reason"]));
    }

    [Fact]
    public async Task Patches_of_every_form_change_what_they_name()
    {
        await using var cluster = await TestCluster.StartAsync();
        var apps = cluster.Client.AppsV1;
        await apps.CreateNamespacedDeploymentAsync(Web(), "default");
        await apps.PatchNamespacedDeploymentAsync(new V1Patch("""{"spec":{"replicas":5}}""", V1Patch.PatchType.MergePatch), "web", "default");
        await apps.PatchNamespacedDeploymentAsync(new V1Patch("""[{"op":"test","path":"/spec/replicas","value":5},{"op":"add","path":"/metadata/labels","value":{"a":"b"}}]""", V1Patch.PatchType.JsonPatch), "web", "default");
        await apps.PatchNamespacedDeploymentAsync(new V1Patch("""{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"side:1"}]}}}}""", V1Patch.PatchType.StrategicMergePatch), "web", "default");
        var web = await apps.ReadNamespacedDeploymentAsync("web", "default");
        Assert.Equal(5, web.Spec.Replicas);
        Assert.Equal("b", web.Metadata.Labels["a"]);
        Assert.Equal(["main", "side"], web.Spec.Template.Spec.Containers.Select(container => container.Name).Order());
        var failed = await Assert.ThrowsAsync<HttpOperationException>(() =>
            apps.PatchNamespacedDeploymentAsync(new V1Patch("""[{"op":"test","path":"/spec/replicas","value":6}]""", V1Patch.PatchType.JsonPatch), "web", "default"));
        Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, failed.Response.StatusCode);
    }

    [Fact]
    public async Task Scale_is_read_and_written()
    {
        await using var cluster = await TestCluster.StartAsync();
        var apps = cluster.Client.AppsV1;
        await apps.CreateNamespacedDeploymentAsync(Web(), "default");
        var scale = await apps.ReadNamespacedDeploymentScaleAsync("web", "default");
        Assert.Equal("app=web", scale.Status.Selector);
        scale.Spec.Replicas = 4;
        Assert.Equal(4, (await apps.ReplaceNamespacedDeploymentScaleAsync(scale, "web", "default")).Spec.Replicas);
        await apps.PatchNamespacedDeploymentScaleAsync(new V1Patch("""{"spec":{"replicas":7}}""", V1Patch.PatchType.MergePatch), "web", "default");
        Assert.Equal(7, (await apps.ReadNamespacedDeploymentAsync("web", "default")).Spec.Replicas);
    }

    [Fact]
    public async Task A_lease_is_taken_by_one_of_two_who_read_the_same_version()
    {
        await using var cluster = await TestCluster.StartAsync();
        var leases = cluster.Client.CoordinationV1;
        var lease = await leases.CreateNamespacedLeaseAsync(new() { Metadata = new() { Name = "operation" }, Spec = new() { LeaseDurationSeconds = 15 } }, "kube-system");
        lease.Spec.HolderIdentity = "anna";
        await leases.ReplaceNamespacedLeaseAsync(lease, "operation", "kube-system");
        lease.Spec.HolderIdentity = "ben";
        var refused = await Assert.ThrowsAsync<HttpOperationException>(() => leases.ReplaceNamespacedLeaseAsync(lease, "operation", "kube-system"));
        Assert.Equal(System.Net.HttpStatusCode.Conflict, refused.Response.StatusCode);
        Assert.Equal("anna", (await leases.ReadNamespacedLeaseAsync("operation", "kube-system")).Spec.HolderIdentity);
    }

    [Fact]
    public async Task Applying_is_idempotent_and_drops_what_is_left_out()
    {
        await using var cluster = await TestCluster.StartAsync();
        var apps = cluster.Client.AppsV1;
        async Task<V1Deployment> ApplyAsync(string labels) => await apps.PatchNamespacedDeploymentAsync(
            new V1Patch("""
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","labels":LABELS},"spec":{"selector":{"matchLabels":{"app":"web"}},
                "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"main","image":"web:1"}]}}}}
                """.Replace("LABELS", labels, StringComparison.Ordinal), V1Patch.PatchType.ApplyPatch), "web", "default", fieldManager: "ours", force: true);
        var first = await ApplyAsync("""{"a":"1","b":"2"}""");
        Assert.Equal(first.Metadata.ResourceVersion, (await ApplyAsync("""{"a":"1","b":"2"}""")).Metadata.ResourceVersion);
        // Another manager's label is not ours to drop.
        await apps.PatchNamespacedDeploymentAsync(new V1Patch("""{"metadata":{"labels":{"theirs":"3"}}}""", V1Patch.PatchType.MergePatch), "web", "default", fieldManager: "them");
        var second = await ApplyAsync("""{"a":"1"}""");
        Assert.Equal(["a", "theirs"], second.Metadata.Labels.Keys.Order());
        Assert.Equal(["ours", "them"], second.Metadata.ManagedFields.Select(entry => entry.Manager).Order());
    }

    [Fact]
    public async Task A_field_that_an_update_wrote_conflicts_with_an_apply_and_names_manager_and_field()
    {
        await using var cluster = await TestCluster.StartAsync();
        var apps = cluster.Client.AppsV1;
        await apps.CreateNamespacedDeploymentAsync(Web(), "default", fieldManager: "creator");
        var patch = new V1Patch("""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":9}}""", V1Patch.PatchType.ApplyPatch);
        var refused = await Assert.ThrowsAsync<HttpOperationException>(() => apps.PatchNamespacedDeploymentAsync(patch, "web", "default", fieldManager: "ours"));
        Assert.Equal(System.Net.HttpStatusCode.Conflict, refused.Response.StatusCode);
        var status = KubernetesJson.Deserialize<V1Status>(refused.Response.Content);
        Assert.StartsWith("Apply failed with 1 conflict: conflict with \"creator\" using apps/v1", status.Message);
        Assert.Equal((".spec.replicas", "FieldManagerConflict"), (status.Details.Causes[0].Field, status.Details.Causes[0].Reason));
    }
}
