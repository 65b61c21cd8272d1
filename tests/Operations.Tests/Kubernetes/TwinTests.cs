using System.Text.Json.Nodes;
using HaCluster.Operations.Journal;
using HaCluster.Operations.Kubernetes;
using HaCluster.Operations.Running;
using HaCluster.Operations.Tests.Fakes;
using k8s.Models;

namespace HaCluster.Operations.Tests.Kubernetes;

/// <summary>The client against the twin's API server, over TLS and HTTP/2.</summary>
public sealed class TwinTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Objects_are_created_found_changed_scaled_and_deleted()
    {
        await using var cluster = await TwinCluster.StartAsync();
        cluster.AddNamespace("shop");
        cluster.AddDeployment("web", "100m");
        using var api = cluster.Open();

        Assert.StartsWith("v1.", await api.ReadVersionAsync(None), StringComparison.Ordinal);
        Assert.Equal("kubernetes-admin", await api.IdentifyAsync(None));
        Assert.Equal(4, (await api.SetScaleAsync(Kinds.Deployments, "shop", "web", 4, None)).Wanted);
        Assert.Equal(4, (await api.FindScaleAsync(Kinds.Deployments, "shop", "web", None))!.Wanted);
        Assert.Null(await api.FindScaleAsync(Kinds.Deployments, "shop", "none", None));
        var patched = await api.PatchAsync(Kinds.Deployments, "shop", "web", new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["a"] = "b" } } }, None);
        Assert.Equal("b", patched.Metadata.Labels["a"]);
        var map = await api.ApplyAsync(Kinds.ConfigMaps, "shop", "m", new JsonObject { ["data"] = new JsonObject { ["k"] = "v" } }, force: true, None);
        Assert.Equal(("v", KubernetesApi.FieldManager), (map.Data["k"], map.Metadata.ManagedFields.Single().Manager));
        Assert.False(await api.DeleteAsync(Kinds.ConfigMaps, "shop", "m", None, new DeleteOptions(Uid: "another")));
        Assert.True(await api.DeleteAsync(Kinds.ConfigMaps, "shop", "m", None, new DeleteOptions(Uid: map.Metadata.Uid)));
        Assert.Null(await api.FindAsync(Kinds.ConfigMaps, "shop", "m", None));
        Assert.True(await api.MayAsync("patch", Kinds.Nodes, null, None));
    }

    [Fact]
    public async Task A_list_of_many_chunks_is_whole()
    {
        await using var cluster = await TwinCluster.StartAsync();
        for (var at = 0; at < 25; at++)
            cluster.AddNode($"n{at:00}", "eu-central-1a");
        using var api = cluster.Open(options: new KubernetesOptions { ChunkSize = 10 });

        Assert.Equal(25, (await api.ListAsync(Kinds.Nodes, ListScope.All, None)).Items.Select(node => node.Metadata.Name).Distinct().Count());
    }

    [Fact]
    public async Task A_watch_sees_changes_as_they_happen()
    {
        await using var cluster = await TwinCluster.StartAsync();
        cluster.AddNamespace("shop");
        cluster.AddNode("n1", "eu-central-1a");
        using var api = cluster.Open();
        using var limit = new CancellationTokenSource(Waiting.Limit);
        var seen = new List<string>();

        await foreach (var change in api.WatchAsync(Kinds.Nodes, ListScope.All, limit.Token))
        {
            seen.Add($"{change.Kind} {change.Subject?.Metadata.Name}");
            if (change.Kind == ChangeKind.Synced)
                cluster.AddNode("n2", "eu-central-1b");
            else if (seen[^1] == "Added n2")
                await api.PatchAsync(Kinds.Nodes, null, "n2", new JsonObject { ["spec"] = new JsonObject { ["unschedulable"] = true } }, None);
            else if (seen[^1] == "Modified n2")
                await api.DeleteAsync(Kinds.Nodes, null, "n2", None);
            else if (seen[^1] == "Deleted n2")
                break;
        }

        Assert.Equal(["Added n1", "Synced ", "Added n2", "Modified n2", "Deleted n2"], seen);
    }

    [Fact]
    public async Task An_eviction_is_refused_by_a_budget_and_allowed_without()
    {
        await using var cluster = await TwinCluster.StartAsync(new HaCluster.Twin.Kubernetes.ApiServerOptions { RunsDisruptionController = false });
        cluster.AddNamespace("shop");
        cluster.AddNode("n1", "eu-central-1a");
        cluster.AddDeployment("web", "100m", "n1", "n1");
        cluster.AddDeployment("free", "100m", "n1");
        cluster.AddBudget("web-budget", "web", 0, maxUnavailable: 0);
        using var api = cluster.Open();

        var refused = await api.EvictAsync("shop", "web-abc-0", null, None);
        Assert.Equal((EvictionOutcome.Refused, "shop/web-budget"), (refused.Outcome, refused.Budget));
        Assert.Equal(EvictionOutcome.Evicted, (await api.EvictAsync("shop", "free-abc-0", null, None)).Outcome);
        Assert.Equal(EvictionOutcome.Gone, (await api.EvictAsync("shop", "nothing", null, None)).Outcome);
    }

    [Fact]
    public async Task A_lease_keeps_two_operators_apart_and_says_who_holds_it()
    {
        await using var cluster = await TwinCluster.StartAsync();
        cluster.AddNamespace(OperationLease.Namespace);
        using var api = cluster.Open();
        Task<OperationLease> Acquire(string who, string operation, bool take = false) => OperationLease.AcquireAsync(
            api, TimeProvider.System, new LeaseHolder(who, operation, "Invoke-HaNodeDrain", "node n1"), isOwnDeadProcess: false, patient: false, take, _ => { }, None);

        await using (await Acquire("ada@laptop", "drain-1"))
        {
            var refused = await Assert.ThrowsAsync<OperationHeldException>(() => Acquire("bob@desk", "drain-2"));
            Assert.Equal(("ada@laptop", "drain-1"), (refused.Holder, refused.Operation));
            await using var taken = await Acquire("bob@desk", "drain-2", take: true);
            Assert.Equal("ada@laptop", taken.TakenFrom);
        }
        await using var next = await Acquire("ada@laptop", "drain-3");
        Assert.Null(next.TakenFrom);
    }

    [Fact]
    public async Task A_permission_that_is_missing_is_named()
    {
        var reader = new HaCluster.Twin.Kubernetes.ApiUser("reader", "t") { May = access => access.Verb is "get" or "list" };
        await using var cluster = await TwinCluster.StartAsync(new HaCluster.Twin.Kubernetes.ApiServerOptions { Users = [new("admin", "a"), reader] });
        using var api = cluster.Open(reader);

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => api.CreateAsync(Kinds.Namespaces, null, new V1Namespace { Metadata = new V1ObjectMeta { Name = "x" } }, None));

        Assert.Equal(FailureKind.PermissionDenied, failure.Kind);
        Assert.Contains("create namespaces", failure.Message, StringComparison.Ordinal);
    }
}
