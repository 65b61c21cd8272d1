using HaCluster.Operations.Aws;
using HaCluster.Operations.Proving;
using HaCluster.Operations.Tests.Fakes;
using HaCluster.Planning.Modelling.Settings;
using HaCluster.Twin.Kubernetes;

namespace HaCluster.Operations.Tests.Proving;

public sealed class LiveProverTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_node_whose_pods_find_room_elsewhere_may_go()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(2);
        cluster.AddDeployment("web", "500m", "n-a-1", "n-b-1", "n-c-1");
        cluster.AddBudget("web", "web", 1);

        var answer = await AskAsync(cluster, new Departure.OfNodes(["n-a-1"]));

        Assert.True(answer.Holds, string.Join("; ", answer.Blockers.Select(blocker => blocker.Reason)));
        Assert.True(answer.IsComplete);
        Assert.Equal("node n-a-1", answer.Question);
    }

    [Fact]
    public async Task A_budget_that_lets_nothing_go_is_named_with_its_pod()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(2);
        cluster.AddDeployment("web", "500m", "n-a-1", "n-b-1", "n-c-1");
        cluster.AddBudget("web-budget", "web", 0);

        var answer = await AskAsync(cluster, new Departure.OfNodes(["n-a-1"]));

        Assert.False(answer.Holds);
        Assert.Equal(new SafetyBlocker("shop/web", "web-abc-0", "shop/web-budget", "the budget lets 0 pods go now"), Assert.Single(answer.Blockers));
    }

    [Fact]
    public async Task Two_budgets_over_one_pod_block_a_drain()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(2);
        cluster.AddDeployment("web", "500m", "n-a-1", "n-b-1");
        cluster.AddBudget("one", "web", 1);
        cluster.AddBudget("two", "web", 1);

        var blocker = Assert.Single((await AskAsync(cluster, new Departure.OfNodes(["n-a-1"]))).Blockers);

        Assert.Equal("shop/one, shop/two", blocker.Budget);
    }

    [Fact]
    public async Task A_pod_without_room_elsewhere_blocks_and_says_what_lacks()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(1, cpu: "2");
        cluster.AddDeployment("big", "1500m", "n-a-1", "n-b-1", "n-c-1");
        cluster.AddBudget("big", "big", 1);

        var answer = await AskAsync(cluster, new Departure.OfNodes(["n-a-1"]));

        var blocker = Assert.Single(answer.Blockers);
        Assert.Equal(("shop/big", "big-abc-0"), (blocker.Workload, blocker.Pod));
        Assert.Contains("Insufficient cpu", blocker.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_only_replica_without_a_budget_may_not_be_taken_away()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(1);
        cluster.AddDeployment("single", "100m", "n-a-1");

        var blocker = Assert.Single((await AskAsync(cluster, new Departure.OfNodes(["n-a-1"]))).Blockers);

        Assert.Contains("0 of 1 replicas would stay ready, and 1 must serve", blocker.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zone_may_go_only_while_the_others_work()
    {
        await using var cluster = await StartAsync();
        cluster.AddNode("n1", "eu-central-1a");
        cluster.AddNode("n2", "eu-central-1b");
        cluster.AddNode("n3", "eu-central-1c", isReady: false);
        cluster.AddDeployment("web", "100m", "n1", "n2");

        var answer = await AskAsync(cluster, new Departure.OfZone("eu-central-1a"));

        Assert.Contains(answer.Blockers, blocker => blocker.Reason == "zone eu-central-1c already has no ready node: two zones would be down");
        // Without AWS nobody knows of databases and gateways.
        Assert.False(answer.IsComplete);
        Assert.Equal(["NAT gateways", "databases", "node groups"], answer.Unknown.Select(part => part.Part).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_last_zone_that_works_may_not_go()
    {
        await using var cluster = await StartAsync();
        cluster.AddNode("n1", "eu-central-1a");
        cluster.AddNode("n2", "eu-central-1b", isReady: false);

        var answer = await AskAsync(cluster, new Departure.OfZone("eu-central-1a"));

        Assert.Contains(answer.Blockers, blocker => blocker.Reason.Contains("the last working zone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_zone_that_does_not_exist_is_refused_with_those_that_do()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(1);

        var failure = await Assert.ThrowsAsync<HaClusterException>(() => AskAsync(cluster, new Departure.OfZone("eu-central-1z")));

        Assert.Equal(FailureKind.InvalidInput, failure.Kind);
        Assert.Contains("eu-central-1a, eu-central-1b, eu-central-1c", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_pods_of_a_workload_than_it_can_spare_may_not_go_at_once()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(1);
        cluster.AddDeployment("web", "100m", "n-a-1", "n-b-1", "!n-c-1");

        Assert.True((await AskAsync(cluster, new Departure.OfWorkloadPods("shop", "Deployment", "web", 1))).Holds);
        var answer = await AskAsync(cluster, new Departure.OfWorkloadPods("shop", "Deployment", "web", 2));

        Assert.Contains("2 replicas are ready and 1 must serve", Assert.Single(answer.Blockers).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_may_not_be_read_makes_the_answer_incomplete_and_never_holds()
    {
        var reader = new ApiUser("reader", "reader-token") { May = access => access.Resource != "poddisruptionbudgets" };
        await using var cluster = await StartAsync(reader);
        cluster.AddNodes(2);
        cluster.AddDeployment("web", "100m", "n-a-1", "n-b-1");
        using var session = cluster.Session(user: reader);

        var answer = await new LiveProver(session).AskAsync(new Departure.OfNodes(["n-a-1"]), None);

        Assert.Equal((false, false), (answer.Holds, answer.IsComplete));
        Assert.Equal("poddisruptionbudgets", Assert.Single(answer.Unknown).Part);
    }

    [Fact]
    public async Task The_proof_of_a_live_cluster_finds_what_a_zone_takes_with_it()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(1);
        cluster.AddDeployment("single", "100m", "n-a-1");
        using var session = cluster.Session();

        var proof = await new LiveProver(session).ProveAsync(null, None);

        Assert.False(proof.Holds);
        Assert.Equal((3, 1), (proof.Nodes, proof.Pods));
        Assert.Contains(proof.Violations, violation => violation.Subject == "shop/single");
        Assert.Contains(proof.Classes, one => one.Name == "a zone lost" && one.Scenarios == 3);
        Assert.Contains(proof.Unknown, part => part.Part == "databases");
    }

    [Fact]
    public async Task Replicas_that_the_stack_wants_to_serve_are_asked_for_in_the_proof_and_before_a_zone_is_left()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(1);
        cluster.AddDeployment("web", "100m", "n-a-1", "n-b-1");
        cluster.AddBudget("web", "web", 1);
        using var without = cluster.Session();
        using var session = cluster.Session(objectives: DeclaredObjectives.Of("""{"serving":{"shop/web":2}}"""));

        Assert.DoesNotContain((await new LiveProver(without).ProveAsync(null, None)).Violations, violation => violation.Scenario == "a zone lost: eu-central-1a");
        var proof = await new LiveProver(session).ProveAsync(null, None);
        var answer = await new LiveProver(session).AskAsync(new Departure.OfZone("eu-central-1a"), None);

        Assert.Contains(proof.Violations, violation => violation.Subject == "shop/web" && violation.Problem.Contains("ha-cluster:objectives.serving", StringComparison.Ordinal));
        Assert.Contains(answer.Blockers, blocker => blocker.Reason.Contains("2 must serve (set by ha-cluster:objectives.serving)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_recovery_time_that_the_stack_wants_is_the_one_that_is_proved()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(1);
        cluster.AddDeployment("web", "100m", "n-a-1", "n-b-1", "n-c-1");
        cluster.AddBudget("web", "web", 1);
        using var session = cluster.Session(objectives: DeclaredObjectives.Of("""{"recovery":{"stateless":"1s"}}"""));

        var proof = await new LiveProver(session).ProveAsync(null, None);

        Assert.Contains(proof.Violations, violation => violation.Problem.Contains("1 s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_objective_for_a_workload_that_the_cluster_does_not_have_is_named_and_nothing_holds()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(1);
        using var session = cluster.Session(objectives: DeclaredObjectives.Of("""{"serving":{"shop/wbe":2}}"""));

        var proof = await new LiveProver(session).ProveAsync(null, None);

        Assert.False(proof.IsComplete);
        Assert.Contains("ha-cluster:objectives.serving.shop/wbe: the cluster has no workload of this name", proof.NotUnderstood);
    }

    [Fact]
    public async Task Objectives_that_could_not_be_read_make_the_proof_incomplete_and_without_a_stack_the_defaults_are_said()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(1);
        using var unread = cluster.Session(withoutObjectives: new UnknownPart("objectives", "Pulumi.prod.yaml: no such file", FailureKind.InvalidInput));
        using var stackless = cluster.Session();

        Assert.Contains((await new LiveProver(unread).ProveAsync(null, None)).Unknown, part => part is { Part: "objectives", Reason: "Pulumi.prod.yaml: no such file" });
        var proof = await new LiveProver(stackless).ProveAsync(null, None);
        Assert.DoesNotContain(proof.Unknown, part => part.Part == "objectives");
        Assert.Contains("No stack is known: the objectives are the defaults of ha-cluster:objectives.", proof.Assumptions);
    }

    [Fact]
    public async Task A_search_domain_in_one_zone_is_found_and_one_that_may_not_be_read_is_named()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(1);
        var aws = new Worlds.FakeProcess(Worlds.FakeCluster.Build(), Path.GetTempPath()).Aws;
        aws.Domains = [new SearchDomainLayout("logs", 2, 0, 1, false)];
        using var session = cluster.Session(aws.Services());

        var proof = await new LiveProver(session).ProveAsync(null, None);
        aws.Domains = null;
        var unread = await new LiveProver(session).ProveAsync(null, None);
        var answer = await new LiveProver(session).AskAsync(new Departure.OfZone("eu-central-1a"), None);

        Assert.Contains(proof.Violations, violation => violation.Subject.Contains("logs", StringComparison.Ordinal));
        Assert.DoesNotContain(proof.Unknown, part => part.Part == "OpenSearch domains");
        Assert.Contains(unread.Unknown, part => part.Part == "OpenSearch domains" && part.Reason.Contains("es:ListDomainNames", StringComparison.Ordinal));
        // A zone may be left without knowing it: nothing of it is moved by that.
        Assert.DoesNotContain(answer.Unknown, part => part.Part == "OpenSearch domains");
    }

    [Fact]
    public async Task A_proxy_before_a_database_shortens_its_failover()
    {
        await using var cluster = await StartAsync();
        cluster.AddNodes(1);
        var aws = new Worlds.FakeProcess(Worlds.FakeCluster.Build(), Path.GetTempPath()).Aws;
        // Longer than a promotion, shorter than one with a new address for clients.
        using var session = cluster.Session(aws.Services(), objectives: DeclaredObjectives.Of("""{"recovery":{"database":"65s"}}"""));

        var slow = await new LiveProver(session).ProveAsync(null, None);
        aws.Proxied = ["payments"];
        var quick = await new LiveProver(session).ProveAsync(null, None);

        Assert.Contains(slow.Violations, violation => violation.Subject.Contains("payments", StringComparison.Ordinal));
        Assert.DoesNotContain(quick.Violations, violation => violation.Subject.Contains("payments", StringComparison.Ordinal));
    }

    private static async Task<SafetyAnswer> AskAsync(TwinCluster cluster, Departure departure)
    {
        using var session = cluster.Session();
        return await new LiveProver(session).AskAsync(departure, None);
    }

    private static async Task<TwinCluster> StartAsync(ApiUser? second = null)
    {
        var cluster = await TwinCluster.StartAsync(new ApiServerOptions
        {
            RunsDisruptionController = false,
            Users = second is null ? [new ApiUser("admin", "admin-token")] : [new ApiUser("admin", "admin-token"), second],
        });
        cluster.AddNamespace("shop");
        return cluster;
    }
}
